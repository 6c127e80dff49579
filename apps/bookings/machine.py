"""The only code that writes `Booking.state`: policy, guards, compare-and-set, transition row, audit row, then news."""

from typing import Any

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings import calendar
from apps.bookings.events import booking_moved
from apps.bookings.models import Booking, Transition
from apps.bookings.states import HOLDS_RIGHTS, State
from apps.bookings.table import BY_ACTION, STEPS, SYSTEM, Step
from apps.common.errors import NotAllowed, Refused, StaleState


def possible(booking: Booking, actor: Actor) -> list[str]:
    """The actions this person could try now by state and right; guards may still refuse."""
    return [
        step.action
        for step in STEPS
        if booking.state in step.sources and step.permission != SYSTEM and actor.can(step.permission)
    ]


@transaction.atomic
def perform(*, booking: Booking, action: str, by: Actor, **changes: Any) -> Booking:
    """Move one booking along one row of the table, or change nothing.

    Entry: any source state of the row; exit: its target, with `changes` written to the same row, one Transition and
    one audit event, rights taken on agreement and given back by every exit. News goes out after the commit.
    Raises NotAllowed (right), StaleState (somebody was quicker, or the state does not fit), Refused (a guard).
    """
    step = BY_ACTION[action]
    _require_right(step, by)
    source = _lock(booking)
    if step.target in HOLDS_RIGHTS and source not in HOLDS_RIGHTS:
        calendar.take_turns(booking.twin_id)
    if source not in step.sources:
        raise StaleState(f"This booking is now “{State(source).label}”. Please look again.")
    for guard in step.guards:
        if reason := guard(booking):
            raise Refused(reason, code=guard.__name__)
    moved = Booking.objects.filter(pk=booking.pk, state=source).update(state=step.target, **changes)
    if moved != 1:
        raise StaleState("Somebody else was quicker. Please look again.")
    booking.refresh_from_db()
    if step.target in HOLDS_RIGHTS and source not in HOLDS_RIGHTS:
        calendar.claim(booking)
    elif source in HOLDS_RIGHTS and step.target not in HOLDS_RIGHTS:
        calendar.release(booking)
    Transition.objects.create(
        booking=booking, action=action, source=source, target=step.target, by=by.label, by_kind=by.kind
    )
    record(
        kind=f"booking.{action}",
        subject=booking.ref,
        by=by.label,
        payload={"source": str(source), "target": str(step.target), "version": booking.version},
    )
    transaction.on_commit(
        lambda: booking_moved.send(
            sender=Booking, booking=booking, action=action, source=source, target=str(step.target)
        )
    )
    return booking


def _require_right(step: Step, by: Actor) -> None:
    if step.permission == SYSTEM:
        if by.kind != "system":
            raise NotAllowed("This step happens by itself when its conditions hold.")
        return
    by.require(step.permission)


def _lock(booking: Booking) -> str:
    """The first lock of our order booking → calendar → voucher → charge → accounts → audit. Returns the state found."""
    row = Booking.objects.select_for_update().get(pk=booking.pk)
    booking.refresh_from_db()
    return row.state
