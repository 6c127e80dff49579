"""Every step of the table, in every state, by everybody: done exactly where the table says so.

The second half tries the services, which also ask whose booking it is; the first the machine, with every guard open.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor, StepUpNeeded
from apps.bookings import machine
from apps.bookings.models import Booking
from apps.bookings.services import answers, closing, compose, countering, proposing
from apps.bookings.states import TERMINAL, State
from apps.bookings.table import BY_ACTION, STEPS, SYSTEM
from apps.bookings.terms import proposal_of
from apps.common.errors import DomainError, NotAllowed, StaleState
from tests.factories import bookings as make
from tests.factories import negotiations
from tests.factories.bookings import fresh
from tests.factories.identity import staff_member
from tests.factories.people import Person, World, acting, make_member, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def people(world: World) -> dict[str, Actor]:
    return everybody(world)


def everybody(world: World) -> dict[str, Actor]:
    return {
        "the model": world.maya.actor,
        "another model": world.other_model.actor,
        "the agency's owner": make_member(world.agency, "owner", "colette").actor,
        "the agency's booker": world.booker.actor,
        "the agency's accountant": make_member(world.agency, "accountant", "anne").actor,
        "the mother agency's booker": world.mother_booker.actor,
        "another agency's booker": world.other_booker.actor,
        "the brand's owner": world.producer.actor,
        "the brand's producer": make_member(world.brand, "producer", "paul").actor,
        "the brand's finance": make_member(world.brand, "finance", "fred").actor,
        "the brand's viewer": make_member(world.brand, "viewer", "vera").actor,
        "another brand's owner": world.rival_producer.actor,
        "staff": acting(staff_member(), "platform", "staff", frozenset()),
        "a stranger": Actor(user_id=None, party="", kind="", name=""),
        "the clock": Actor.SYSTEM,
    }


def attempt(act: Callable[[], object]) -> type[DomainError] | None:
    """None where it was done. Nothing of it stays."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except DomainError as error:
        return type(error)
    return None


@pytest.mark.parametrize("state", State)
def test_the_machine_moves_exactly_where_the_table_says(world, people, state, monkeypatch):
    booking = make.submitted(world)
    Booking.objects.update(state=state, delivered_at=timezone.now(), deadline_at=timezone.now())
    monkeypatch.setattr(machine, "BY_ACTION", {action: replace(step, guards=()) for action, step in BY_ACTION.items()})
    for step in STEPS:
        for who, actor in people.items():
            may = who == "the clock" if step.permission == SYSTEM else actor.can(step.permission)
            wanted = None if may and state in step.sources else StaleState if may else NotAllowed
            found = attempt(
                lambda step=step, actor=actor: machine.perform(booking=booking, action=step.action, by=actor)
            )
            assert found == wanted, f"{who}: {step.action} from {state}"


def to_sign(world: World) -> Booking:
    booking = negotiations.proposing(world)
    negotiations.propose(world, booking)
    return booking


STANDS: dict[str, Callable[[World], Booking]] = {
    "draft": make.draft,
    "submitted": make.submitted,
    "proposing": negotiations.proposing,
    "to sign": to_sign,
    "countered": negotiations.countered,
    "agreed": make.agreed,
}
BOOKERS = {"the agency's owner", "the agency's booker"}
COMPOSERS = {"the brand's owner", "the brand's producer"}
VOTERS = {"the model"} | BOOKERS


def _answer(by: Actor, booking: Booking, said: str, **given: Any) -> object:
    """To what stands on this person's page: the model is asked about a written version, others about the request."""
    asked = proposal_of(booking) if by.kind == "talent" else None
    version = asked.version if asked else booking.version
    return answers.answer(by=by, booking=booking, version=version, answer=said, **given)


ACTS: dict[str, Callable[[Actor, Booking], object]] = {
    "submit": lambda by, booking: compose.submit(by=by, booking=booking),
    "say yes": lambda by, booking: _answer(by, booking, "yes"),
    "say no": lambda by, booking: _answer(by, booking, "no"),
    "set conditions": lambda by, booking: _answer(
        by, booking, "conditions", conditions=negotiations.Conditions(longest_window_months=3)
    ),
    "take back": lambda by, booking: answers.take_back(by=by, booking=booking),
    "write the version": lambda by, booking: proposing.propose(
        by=by, booking=booking, version=booking.version, media=["own"], territories=["DE"], window_months=3,
        exclusivity="none", pictures=2, fee_minor=None,
    ),
    "accept": lambda by, booking: countering.accept_counter(by=by, booking=booking, version=booking.version),
    "answer with one's own": lambda by, booking: countering.resubmit(
        by=by, booking=booking, version=booking.version, pictures=1, fee_minor=None
    ),
    "cancel": lambda by, booking: closing.cancel(by=by, booking=booking),
}  # fmt: skip
# Who may, where. Everything that is not here is refused to everybody.
MAY: dict[str, dict[str, set[str]]] = {
    "draft": {"submit": COMPOSERS, "cancel": COMPOSERS},
    "submitted": {"say yes": VOTERS, "say no": VOTERS, "set conditions": VOTERS, "cancel": COMPOSERS},
    "proposing": {"say no": BOOKERS, "take back": VOTERS, "write the version": BOOKERS, "cancel": COMPOSERS},
    "to sign": {
        "say yes": {"the model"},
        "say no": VOTERS,
        "take back": VOTERS,
        "write the version": BOOKERS,
        "cancel": COMPOSERS,
    },
    "countered": {"take back": VOTERS, "accept": COMPOSERS, "answer with one's own": COMPOSERS, "cancel": COMPOSERS},
    "agreed": {"take back": VOTERS, "cancel": COMPOSERS},
}


@pytest.mark.parametrize("stands", STANDS)
def test_every_act_is_done_by_whoever_may_and_by_nobody_else(world, people, stands):
    booking = STANDS[stands](world)
    for name, act in ACTS.items():
        done = {
            who
            for who, actor in people.items()
            if attempt(lambda act=act, actor=actor: act(actor, fresh(booking))) is None
        }
        assert done == MAY[stands].get(name, set()), f"{name} while {stands}"


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_what_is_closed_stays_closed(world, people, state):
    booking = make.submitted(world)
    Booking.objects.update(state=state, delivered_at=timezone.now())
    for name, act in ACTS.items():
        for who, actor in people.items():
            refused = attempt(lambda act=act, actor=actor: act(actor, fresh(booking)))
            assert refused in {NotAllowed, StaleState}, f"{who}: {name} while {state}"


@pytest.mark.parametrize("name", ["say yes", "say no", "set conditions", "write the version"])
def test_what_binds_asks_for_a_fresh_proof(world, name):
    booking = negotiations.proposing(world) if name == "write the version" else make.submitted(world)
    who: Person = world.booker
    stale = acting(who.user, who.actor.party, who.actor.kind, who.actor.permissions, stepped_up=False)
    assert attempt(lambda: ACTS[name](stale, booking)) is StepUpNeeded
