"""The only code that writes `Option.state`: who, guards, compare-and-set, one audit event."""

from typing import Any

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import NotAllowed, Refused, StaleState
from apps.options.models import Option
from apps.options.states import State
from apps.options.table import BRAND, BY_ACTION, DECIDER, RIVAL, Step
from apps.organizations.permissions import Permission


@transaction.atomic
def perform(*, option: Option, action: str, by: Actor, **changes: Any) -> Option:
    """Move one option along one row of the table, or change nothing.

    Entry: any source state of the row; exit: its target, with `changes` written to the same row and one audit event.
    Raises NotAllowed (side), StaleState (somebody was quicker, or the state does not fit), Refused (a guard).
    """
    step = BY_ACTION[action]
    row = Option.objects.select_for_update(of=("self",)).with_parties().get(pk=option.pk)
    require_side(step, by, row)
    if row.state not in step.sources:
        raise StaleState(f"This option is now “{State(row.state).label}”. Please look again.")
    for guard in step.guards:
        if reason := guard(row):
            raise Refused(reason, code=guard.__name__)
    moved = Option.objects.filter(pk=row.pk, state=row.state).update(state=step.target, **changes)
    if moved != 1:
        raise StaleState("Somebody else was quicker. Please look again.")
    payload = {"source": str(row.state), "target": str(step.target)}
    record(kind=f"option.{action}", subject=row.ref, by=by.label, payload=payload)
    return Option.objects.with_parties().get(pk=row.pk)


def require_side(step: Step, by: Actor, option: Option) -> None:
    """Raises NotAllowed unless this person stands where the step is taken. Nobody stands in for a model."""
    allowed = {
        BRAND: by.kind == "brand" and by.party == option.brand.party,
        RIVAL: by.kind == "brand" and by.party != option.brand.party,
        DECIDER: by.party == option.decider and (option.agency is not None or by.user_id == option.twin.talent.user_id),
    }.get(step.who, by.kind == "system")
    if not allowed:
        raise NotAllowed("This is for others to do.")
    if by.kind != "system":
        by.require(right_of(by))


def right_of(by: Actor) -> str:
    """The right that options need on each side."""
    rights = {
        "brand": Permission.COMPOSE,
        "agency": Permission.ANSWER_FOR_AGENCY,
        "talent": Permission.ANSWER_AS_TALENT,
    }
    if by.kind not in rights:
        raise NotAllowed("Only brands, agencies and models have to do with options.")
    return rights[by.kind]
