"""Which columns of the roster a person wants to see. Her own habit: nobody else's page changes, nothing is audited."""

from collections.abc import Sequence

from apps.accounts.actor import Actor
from apps.common.errors import NotAllowed
from apps.roster.models import RosterColumns


def chosen_columns(*, by: Actor, known: Sequence[str]) -> list[str]:
    """In the order of `known`; empty when she never chose."""
    row = RosterColumns.objects.filter(user=by.user_id).first() if by.user_id else None
    return [key for key in known if row and key in row.columns]


def choose_columns(*, by: Actor, columns: Sequence[str], known: Sequence[str]) -> None:
    """What is not known is dropped. Choosing none brings the usual ones back. Raises NotAllowed for no person."""
    if by.user_id is None:
        raise NotAllowed("Only a person has habits.")
    RosterColumns.objects.update_or_create(
        user_id=by.user_id, defaults={"columns": [key for key in known if key in columns]}
    )
