"""The way of a booking in words: the document that is written from the table and kept true by a test."""

from apps.bookings.states import INITIAL, TERMINAL, State
from apps.bookings.table import STEPS, SYSTEM, Step
from apps.organizations.permissions import Permission

WHO = {
    SYSTEM: "by itself",
    Permission.COMPOSE: "the brand, who may compose",
    Permission.ACCEPT_TERMS: "the brand, who may accept terms",
    Permission.ANSWER_AS_TALENT: "the model herself",
}
# What must hold, guard by guard.
CONDITIONS = {
    "brand_is_checked": "the brand has been checked",
    "looks_are_complete": "there is a look, a medium and a territory; a renewal needs no look",
    "nothing_stands_against_it": "no rule, consent, exclusivity or mandate stands against it",
    "all_said_yes": "everybody said yes to this version",
    "memo_is_signed": "the model signed this version's deal memo",
    "a_no_counts": "somebody said no and its ten minutes are over",
    "all_answered_with_conditions": "everybody answered, nobody with no, somebody with conditions",
    "proposal_is_signed": "the joint version has every yes and the model signed its memo",
    "rounds_are_left": "fewer than five rounds were sent",
    "deadline_is_over": "the deadline is over",
    "unpaid": "nothing is paid",
    "payment_is_captured": "the payment is captured",
    "voucher_is_issued": "the voucher is issued",
    "renews_a_licence": "it renews or widens a licence",
    "new_licence_is_ready": "the new licence is written",
    "a_candidate_is_checked": "a checked picture has come back",
    "nothing_was_shown": "no picture was shown yet",
    "twin_may_work": "the twin is listed and its consents are in force",
    "twin_may_not_work": "the twin is paused or a consent was withdrawn",
    "selection_is_finished": "the brand finished its selection",
    "selection_is_not_finished": "the brand has not finished its selection",
    "choosing_is_over": "fourteen days went by since the last picture was decided, and nothing is on its way",
    "everything_is_released": "every selected picture is released",
    "nothing_is_left_to_show": "no picture waits, is passed or can still come",
    "no_job_can_succeed": "no picture came and none can come",
}
HEAD = """# The way of a booking

Written from `apps/bookings/table.py` by `manage.py state_machine --markdown`; a test fails when the two differ.
Creation of a draft is left out. A step that names no person happens by itself, when its conditions hold or the clock
moves on.
"""


def markdown() -> str:
    """The whole document: the diagram, the states, the steps."""
    return "\n".join([HEAD, *_diagram(), "", *_states(), "", *_steps(), ""])


def _diagram() -> list[str]:
    arrows = [f"    {source} --> {step.target}: {step.action}" for step in STEPS for source in step.sources]
    ends = [f"    {state} --> [*]" for state in State if state in TERMINAL]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {INITIAL}", *arrows, *ends, "```"]


def _states() -> list[str]:
    rows = [f"| `{state}` | {state.label} | {_ways_out(state)} |" for state in State]
    return ["## States", "", "| state | means | ways out |", "|---|---|---|", *rows]


def _ways_out(state: State) -> str:
    return ", ".join(f"`{step.action}`" for step in STEPS if state in step.sources) or "none, it is closed"


def _steps() -> list[str]:
    head = ["## Steps", "", "| action | from | to | by whom | when |", "|---|---|---|---|---|"]
    return head + [_row(step) for step in STEPS]


def _row(step: Step) -> str:
    sources = ", ".join(f"`{source}`" for source in step.sources)
    when = "; ".join(CONDITIONS[guard.__name__] for guard in step.guards)
    return f"| `{step.action}` | {sources} | `{step.target}` | {WHO[step.permission]} | {when} |"
