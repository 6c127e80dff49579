"""Searches under a name."""

from django.db import IntegrityError, transaction

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.audit.services import record
from apps.boards.models import SavedFilter
from apps.boards.policies import require_curator
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.refs import ref
from apps.organizations.models import Organization

MOST_FILTERS, LONGEST_QUERY = 20, 1_000


def save_filter(*, by: Actor, organization: Organization, name: str, query: str) -> SavedFilter:
    """Her own, for this brand. Raises NotAllowed, InvalidInput(field="name") for no name, one she uses, or too many."""
    require_curator(by, organization)
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Give the filter a name.", field="name")
    if not query or len(query) > LONGEST_QUERY:
        raise InvalidInput("Choose something to filter by first.", field="name")
    if SavedFilter.objects.filter(user=by.user_id, organization=organization).count() >= MOST_FILTERS:
        raise InvalidInput(f"{MOST_FILTERS} filters are the most. Remove one first.", field="name")
    try:
        return _save(by, organization, name, query)
    except IntegrityError as error:
        raise InvalidInput("You have a filter of this name. Choose another.", field="name") from error


@transaction.atomic
def _save(by: Actor, organization: Organization, name: str, query: str) -> SavedFilter:
    row = SavedFilter.objects.create(
        user=User.objects.get(pk=str(by.user_id)), organization=organization, name=name, query=query
    )
    record(kind="filter.saved", subject=ref("filter", row.pk), by=by.label, payload={"name": name, "query": query})
    return row


@transaction.atomic
def remove_filter(*, by: Actor, saved: SavedFilter) -> None:
    """Raises NotAllowed for somebody else's."""
    require_curator(by, saved.organization)
    if saved.user_id != by.user_id:
        raise NotAllowed("This filter is somebody else’s.")
    subject = ref("filter", saved.pk)
    saved.delete()
    record(kind="filter.removed", subject=subject, by=by.label, payload={})
