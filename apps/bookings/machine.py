"""The way of a booking, as data, and its only writer.

Buttons, the documentation and the exhaustive tests read the same table. `perform` is the only code that writes
`Booking.state`: policy, guards, compare-and-set, transition row, then news after the commit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings import calendar, guards
from apps.bookings.events import booking_moved
from apps.bookings.models import Booking, Transition
from apps.bookings.states import HOLDS_RIGHTS, INITIAL, TERMINAL, State
from apps.common.errors import NotAllowed, Refused, StaleState
from apps.organizations.permissions import Permission

SYSTEM = "system"
Guard = Callable[[Booking], str | None]


@dataclass(frozen=True)
class Step:
    """One row of the table. A guard answers with the reason why not, or None."""

    action: str
    sources: tuple[State, ...]
    target: State
    permission: str
    guards: tuple[Guard, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "sources": [str(source) for source in self.sources],
            "target": str(self.target),
            "permission": str(self.permission),
            "guards": [guard.__name__ for guard in self.guards],
        }


S = State
STEPS: tuple[Step, ...] = (
    Step("submit", (S.DRAFT,), S.SUBMITTED, Permission.COMPOSE, (guards.brand_is_checked, guards.looks_are_complete, guards.nothing_stands_against_it)),
    Step("agree", (S.SUBMITTED,), S.AGREED, SYSTEM, (guards.all_said_yes, guards.memo_is_signed, guards.nothing_stands_against_it)),
    Step("decline", (S.SUBMITTED,), S.DECLINED, SYSTEM, (guards.a_no_counts,)),
    Step("open_conditions", (S.SUBMITTED,), S.PROPOSING, SYSTEM, (guards.all_answered_with_conditions,)),
    Step("counter", (S.PROPOSING,), S.COUNTERED, Permission.ANSWER_AS_TALENT, (guards.proposal_is_signed,)),
    Step("resubmit", (S.COUNTERED,), S.SUBMITTED, Permission.COMPOSE, (guards.rounds_are_left, guards.nothing_stands_against_it)),
    Step("accept_counter", (S.COUNTERED,), S.AGREED, Permission.ACCEPT_TERMS, (guards.proposal_is_signed, guards.nothing_stands_against_it)),
    Step("take_back", (S.AGREED,), S.SUBMITTED, SYSTEM, (guards.unpaid,)),
    Step("cancel", (S.DRAFT, S.SUBMITTED, S.PROPOSING, S.COUNTERED, S.AGREED), S.CANCELLED, Permission.COMPOSE, (guards.unpaid,)),
    Step("expire", (S.SUBMITTED, S.PROPOSING, S.COUNTERED, S.AGREED), S.EXPIRED, SYSTEM, (guards.deadline_is_over, guards.unpaid)),
    Step("fund", (S.AGREED,), S.FUNDED, SYSTEM, (guards.payment_is_captured,)),
    Step("start_making", (S.FUNDED,), S.GENERATING, SYSTEM, (guards.voucher_is_issued,)),
    Step("open_review", (S.GENERATING,), S.IN_REVIEW, SYSTEM, (guards.a_candidate_is_checked,)),
    Step("hold", (S.FUNDED, S.GENERATING, S.IN_REVIEW), S.ON_HOLD, SYSTEM, (guards.twin_may_not_work,)),
    Step("resume_making", (S.ON_HOLD,), S.GENERATING, SYSTEM, (guards.twin_may_work, guards.nothing_was_shown)),
    Step("resume_review", (S.ON_HOLD,), S.IN_REVIEW, SYSTEM, (guards.twin_may_work, guards.a_candidate_is_checked)),
    Step("deliver", (S.IN_REVIEW,), S.DELIVERED, SYSTEM, (guards.selection_is_finished, guards.everything_is_released)),
    Step("cancel_paid", (S.FUNDED, S.GENERATING, S.IN_REVIEW), S.CANCELLED, Permission.ACCEPT_TERMS, (guards.selection_is_not_finished,)),
    Step("cancel_held", (S.ON_HOLD,), S.CANCELLED, SYSTEM, (guards.deadline_is_over,)),
    Step("close_undelivered", (S.GENERATING, S.IN_REVIEW), S.CLOSED_UNDELIVERED, SYSTEM, (guards.nothing_is_left_to_show,)),
    Step("fail", (S.FUNDED, S.GENERATING), S.FAILED, SYSTEM, (guards.no_job_can_succeed,)),
)  # fmt: skip
BY_ACTION = {step.action: step for step in STEPS}


def as_json() -> dict[str, Any]:
    """The table for people and programs; creation of a draft is left out."""
    return {
        "transitions": [step.as_json() for step in STEPS],
        "initial": str(INITIAL),
        "terminal": sorted(str(state) for state in TERMINAL),
    }


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
    one audit event, rights taken on agreement and given back by every exit. Raises NotAllowed (right), StaleState (somebody was
    quicker, or the state does not fit), Refused (a guard, with its reason). News goes out after the commit.
    """
    step = BY_ACTION[action]
    _require_right(step, by)
    source = _lock(booking)
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
    """The first lock of our order booking → voucher → charge → accounts → audit. Returns the state found."""
    row = Booking.objects.select_for_update().get(pk=booking.pk)
    booking.refresh_from_db()
    return row.state
