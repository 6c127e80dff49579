"""The table of the way of a booking: everything that is said of it follows from it, and nothing in it is a dead end."""

import inspect
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.bookings import guards
from apps.bookings.guide import CONDITIONS, WHO
from apps.bookings.states import HOLDS_RIGHTS, INITIAL, TERMINAL, State
from apps.bookings.table import STEPS, SYSTEM

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "state-machine.md"


def test_the_document_is_what_the_table_says() -> None:
    out = StringIO()
    call_command("state_machine", "--markdown", stdout=out)
    assert DOCUMENT.read_text("utf-8") == out.getvalue(), "manage.py state_machine --markdown > docs/state-machine.md"


def test_every_condition_and_every_person_has_words_and_no_word_is_left_over() -> None:
    assert set(CONDITIONS) == {guard.__name__ for step in STEPS for guard in step.guards}
    assert set(WHO) == {step.permission for step in STEPS}


def test_every_guard_of_the_table_is_a_function_of_the_guards() -> None:
    known = dict(inspect.getmembers(guards, inspect.isfunction))
    assert all(known[guard.__name__] is guard for step in STEPS for guard in step.guards)


def test_every_state_is_reached_from_a_draft_and_only_closed_ones_have_no_way_out() -> None:
    reached, frontier = {INITIAL}, {INITIAL}
    while frontier:
        frontier = {step.target for step in STEPS if frontier & set(step.sources)} - reached
        reached |= frontier
    assert reached == set(State)
    assert {state for state in State if not any(state in step.sources for step in STEPS)} == TERMINAL


@pytest.mark.parametrize("state", sorted(set(State) - TERMINAL - {INITIAL}))
def test_from_everything_that_waits_the_clock_alone_leads_to_an_end(state: State) -> None:
    """Nobody has to do anything: silence closes it, or what closes by itself for want of pictures."""
    reached, frontier = {state}, {state}
    while frontier:
        alone = [step for step in STEPS if step.permission == SYSTEM]
        frontier = {step.target for step in alone if frontier & set(step.sources)} - reached
        reached |= frontier
    assert reached & TERMINAL


def test_nothing_holds_rights_before_everybody_agreed() -> None:
    """Nothing is made, shown or used without the model's own, specific, provable yes: every step into a state that
    holds the twin's rights asks for her signature, or for money that only an agreement can bring."""
    for step in STEPS:
        if step.target in HOLDS_RIGHTS and not set(step.sources) <= HOLDS_RIGHTS:
            assert {guards.all_said_yes, guards.memo_is_signed, guards.nothing_stands_against_it} <= set(step.guards)
