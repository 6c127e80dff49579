"""The way of a booking as data: one row for each step, read by the writer, the buttons, the documentation and the tests.

Creation of a draft is left out. A row's permission is "system" where the step happens by itself.
"""

# A table is read across: one row, one line.
# ruff: noqa: E501

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.bookings import guards
from apps.bookings.models import Booking
from apps.bookings.states import INITIAL, TERMINAL, State
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
    Step("decline", (S.SUBMITTED, S.PROPOSING), S.DECLINED, SYSTEM, (guards.a_no_counts,)),
    Step("open_conditions", (S.SUBMITTED,), S.PROPOSING, SYSTEM, (guards.all_answered_with_conditions,)),
    Step("counter", (S.PROPOSING,), S.COUNTERED, Permission.ANSWER_AS_TALENT, (guards.proposal_is_signed,)),
    Step("reopen_proposal", (S.COUNTERED,), S.PROPOSING, SYSTEM, (guards.unpaid,)),
    Step("resubmit", (S.COUNTERED,), S.SUBMITTED, Permission.COMPOSE, (guards.brand_is_checked, guards.rounds_are_left, guards.nothing_stands_against_it)),
    Step("accept_counter", (S.COUNTERED,), S.AGREED, Permission.ACCEPT_TERMS, (guards.brand_is_checked, guards.all_said_yes, guards.memo_is_signed, guards.nothing_stands_against_it)),
    Step("take_back", (S.PROPOSING, S.AGREED), S.SUBMITTED, SYSTEM, (guards.unpaid,)),
    Step("cancel", (S.DRAFT, S.SUBMITTED, S.PROPOSING, S.COUNTERED, S.AGREED), S.CANCELLED, Permission.COMPOSE, (guards.unpaid,)),
    Step("expire", (S.SUBMITTED, S.PROPOSING, S.COUNTERED, S.AGREED), S.EXPIRED, SYSTEM, (guards.deadline_is_over, guards.unpaid)),
    Step("fund", (S.AGREED,), S.FUNDED, SYSTEM, (guards.payment_is_captured,)),
    Step("start_making", (S.FUNDED,), S.GENERATING, SYSTEM, (guards.voucher_is_issued,)),
    Step("renew", (S.FUNDED,), S.DELIVERED, SYSTEM, (guards.renews_a_licence, guards.new_licence_is_ready)),
    Step("open_review", (S.GENERATING,), S.IN_REVIEW, SYSTEM, (guards.a_candidate_is_checked,)),
    Step("hold", (S.FUNDED, S.GENERATING, S.IN_REVIEW), S.ON_HOLD, SYSTEM, (guards.twin_may_not_work,)),
    Step("resume_making", (S.ON_HOLD,), S.GENERATING, SYSTEM, (guards.twin_may_work, guards.nothing_was_shown)),
    Step("resume_renewal", (S.ON_HOLD,), S.FUNDED, SYSTEM, (guards.twin_may_work, guards.renews_a_licence)),
    Step("resume_review", (S.ON_HOLD,), S.IN_REVIEW, SYSTEM, (guards.twin_may_work, guards.a_candidate_is_checked)),
    Step("deliver", (S.IN_REVIEW,), S.DELIVERED, SYSTEM, (guards.selection_is_finished, guards.everything_is_released)),
    Step("cancel_paid", (S.FUNDED, S.GENERATING, S.IN_REVIEW), S.CANCELLED, Permission.ACCEPT_TERMS, (guards.selection_is_not_finished,)),
    Step("close_unchosen", (S.IN_REVIEW,), S.CANCELLED, SYSTEM, (guards.choosing_is_over, guards.selection_is_not_finished)),
    Step("cancel_held", (S.ON_HOLD,), S.CANCELLED, SYSTEM, (guards.deadline_is_over,)),
    Step("close_undelivered", (S.GENERATING, S.IN_REVIEW), S.CLOSED_UNDELIVERED, SYSTEM, (guards.nothing_is_left_to_show,)),
    Step("fail", (S.FUNDED, S.GENERATING), S.FAILED, SYSTEM, (guards.no_job_can_succeed,)),
)  # fmt: skip
BY_ACTION = {step.action: step for step in STEPS}


def as_json() -> dict[str, Any]:
    """The table for people and programs."""
    return {
        "transitions": [step.as_json() for step in STEPS],
        "initial": str(INITIAL),
        "terminal": sorted(str(state) for state in TERMINAL),
    }
