"""Every step of the table, in every state, by everybody: done exactly where the table says so.

The first part tries the machine, with every guard open; the second the services, which also ask whose booking it is,
before the payment; the third those after it. What is done with a licence stands in test_licence_acts.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.actor import Actor, StepUpNeeded
from apps.bookings import machine
from apps.bookings.models import Booking, Review, Wish
from apps.bookings.services import (
    answers,
    closing,
    compose,
    countering,
    looking,
    making,
    payment,
    pins,
    proposing,
    review,
    wishes,
)
from apps.bookings.states import TERMINAL, State
from apps.bookings.table import BY_ACTION, STEPS, SYSTEM
from apps.bookings.terms import proposal_of
from apps.common.errors import NotAllowed, StaleState
from apps.payments.models import Charge
from apps.twins.services import pause
from tests.factories import bookings as make
from tests.factories import licences, negotiations
from tests.factories.bookings import fresh
from tests.factories.people import Person, World, acting, make_world
from tests.factories.trying import BOOKERS, COMPOSERS, PAYERS, VOTERS, attempt, everybody, who_may

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def people(world: World) -> dict[str, Actor]:
    return everybody(world)


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
        done = who_may(people, lambda actor, act=act: act(actor, fresh(booking)))
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


def _picture(booking: Booking) -> Review:
    rows = Review.objects.filter(booking=booking).select_related("booking__brand", "booking__twin__talent", "look")
    return _there(rows.order_by("created_at").first())


def _wish(booking: Booking) -> Wish:
    return _there(Wish.objects.filter(look__booking=booking).select_related("look__booking__twin__talent").first())


def _there(row: Any) -> Any:
    if row is None:
        raise StaleState("There is none.")
    return row


AFTER: dict[str, Callable[[Actor, Booking], object]] = {
    "pass a picture": lambda by, booking: review.decide(by=by, review=_picture(booking), passed=True),
    "reject a picture": lambda by, booking: review.decide(by=by, review=_picture(booking), passed=False),
    "open it at full size": lambda by, booking: looking.open_full_size(by=by, review=_picture(booking)),
    "ask her agency": lambda by, booking: looking.ask_advice(by=by, review=_picture(booking)),
    "write on it": lambda by, booking: pins.pin(by=by, review=_picture(booking), x=1, y=1, text="More red"),
    "choose": lambda by, booking: review.select(by=by, review=_picture(booking), chosen=True),
    "put back": lambda by, booking: review.select(by=by, review=_picture(booking), chosen=False),
    "ask for another": lambda by, booking: review.ask_another(by=by, look=booking.looks.get()),
    "answer a wish": lambda by, booking: wishes.answer_wish(by=by, wish=_wish(booking), granted=True),
    "finish": lambda by, booking: review.finish(by=by, booking=booking),
}


def passed(world: World) -> Booking:
    booking = make.in_review(world)
    for row in Review.objects.filter(booking=booking).select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=row, passed=True)
    return fresh(booking)


def asked_with_words(world: World) -> Booking:
    booking = passed(world)
    pins.pin(by=world.producer.actor, review=_picture(booking), x=1, y=1, text="More red")
    review.ask_another(by=world.producer.actor, look=booking.looks.get())
    return booking


def finished(world: World) -> Booking:
    return review.finish(by=world.producer.actor, booking=make.chosen(world))


def on_hold(world: World) -> Booking:
    booking = passed(world)
    pause(by=world.maya.actor, twin=world.twin)
    making.hold_all_of(twin=world.twin)
    return fresh(booking)


STANDS_PAID: dict[str, Callable[[World], Booking]] = {
    "funded": make.funded,
    "generating": make.generating,
    "waiting for her": make.in_review,
    "passed": passed,
    "a wish waits": asked_with_words,
    "chosen": make.chosen,
    "finished": finished,
    "on hold": on_hold,
    "delivered": lambda world: licences.running(world).booking,
}
HER = {"the model"}
SELECTING = {"choose": COMPOSERS, "put back": COMPOSERS, "write on it": VOTERS | COMPOSERS, "cancel": COMPOSERS}
MAY_PAID: dict[str, dict[str, set[str]]] = {
    "funded": {"cancel": COMPOSERS},
    "generating": {"cancel": COMPOSERS},
    "waiting for her": {
        **dict.fromkeys(
            ["pass a picture", "reject a picture", "open it at full size", "ask her agency", "write on it"], HER
        ),
        "ask for another": COMPOSERS,
        "cancel": COMPOSERS,
    },
    "passed": SELECTING | {"open it at full size": HER, "ask for another": COMPOSERS},
    "a wish waits": SELECTING | {"open it at full size": HER, "answer a wish": HER},
    "chosen": SELECTING | {"open it at full size": HER, "ask for another": COMPOSERS, "finish": COMPOSERS},
    "finished": {"open it at full size": HER},
    "on hold": {"open it at full size": HER},
    "delivered": {"open it at full size": HER},
}


@pytest.mark.django_db(databases=["default", "sandbox"])
@pytest.mark.parametrize("stands", STANDS_PAID)
def test_after_the_agreement_every_act_is_done_by_whoever_may_and_by_nobody_else(world, people, stands):
    """Nobody but the model decides about a picture, staff included; nobody but the brand chooses, finishes, leaves."""
    booking = STANDS_PAID[stands](world)
    for name, act in (ACTS | AFTER).items():
        done = who_may(people, lambda actor, act=act: act(actor, fresh(booking)))
        assert done == MAY_PAID[stands].get(name, set()), f"{name} while {stands}"


@pytest.mark.django_db(databases=["default", "sandbox"])
@pytest.mark.parametrize(("stands", "may"), [("submitted", set()), ("countered", set()), ("agreed", PAYERS)])
def test_what_is_agreed_is_paid_by_whoever_may_and_nothing_else_is(world, people, stands, may):
    """The page of the payment opens once, however many ask for it."""
    booking, paid = STANDS[stands](world), set()
    for who, actor in people.items():
        try:
            payment.checkout(by=actor, booking=fresh(booking))
        except (NotAllowed, StaleState):
            continue
        paid.add(who)
    assert paid == may
    assert Charge.objects.count() == (1 if may else 0)
