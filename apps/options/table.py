"""The way of an option as data: one row for each step, read by the writer, the pages and the tests.

`who` is the side that takes the step: "brand" its own, "rival" the brand behind it, "decider" the agency or, without
one, the model; "system" where it happens by itself.
"""

# A table is read across: one row, one line.

from collections.abc import Callable
from dataclasses import dataclass

from apps.options import guards
from apps.options.models import Option
from apps.options.states import State

BRAND, RIVAL, DECIDER, SYSTEM = "brand", "rival", "decider", "system"


@dataclass(frozen=True)
class Step:
    """One row of the table. A guard answers with the reason why not, or None."""

    action: str
    sources: tuple[State, ...]
    target: State
    who: str
    guards: tuple[Callable[[Option], str | None], ...] = ()


S = State
STEPS: tuple[Step, ...] = (
    Step("grant", (S.ASKED,), S.HELD, DECIDER, (guards.time_is_left, guards.ranks_are_left)),
    Step("grant_by_rule", (S.ASKED,), S.HELD, SYSTEM, (guards.is_granted_by_rule, guards.ranks_are_left)),
    Step("refuse", (S.ASKED,), S.REFUSED, DECIDER),
    Step("withdraw", (S.ASKED, S.HELD, S.CHALLENGED), S.WITHDRAWN, BRAND),
    Step("renew", (S.HELD,), S.HELD, BRAND, (guards.time_is_left, guards.not_renewed_yet)),
    Step("challenge", (S.HELD,), S.CHALLENGED, RIVAL, (guards.time_is_left,)),
    Step("use", (S.ASKED, S.HELD, S.CHALLENGED), S.USED, SYSTEM, (guards.is_submitted,)),
    Step("stand", (S.CHALLENGED,), S.HELD, SYSTEM, (guards.challenger_is_gone, guards.not_submitted)),
    Step("fall", (S.CHALLENGED,), S.FALLEN, SYSTEM, (guards.challenge_is_over, guards.not_submitted)),
    Step("expire", (S.ASKED, S.HELD, S.CHALLENGED), S.EXPIRED, SYSTEM, (guards.time_is_over, guards.not_submitted)),
)  # fmt: skip
BY_ACTION = {step.action: step for step in STEPS}
