"""Reminders at half time and six hours before, once each, to the party whose turn it is. Silence is no."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from apps.audit.models import Event
from apps.bookings.models import Booking
from apps.bookings.services import answers
from apps.bookings.tasks import sweep_reminders
from apps.demonstration.history.clock import Clock, standing_at
from apps.notifications.models import Notice
from tests.factories import negotiations
from tests.factories.bookings import agreed, fresh, submitted
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Clock]:
    with standing_at(datetime(2026, 12, 1, 9, tzinfo=UTC)) as clock:
        yield clock


@pytest.fixture
def world(clock: Clock) -> World:
    return make_world()


def to_sign(world: World) -> Booking:
    booking = negotiations.proposing(world)
    negotiations.propose(world, booking)
    return booking


def reminded() -> list[tuple[str, str, int]]:
    rows = Notice.objects.filter(kind__startswith="booking.remind_")
    said = [(row.to, row.kind.removeprefix("booking.remind_"), row.values["count"]) for row in rows]
    return sorted(said, key=lambda row: (-row[2], row[0]))


def left(clock: Clock, booking: Booking, hours: float) -> list[tuple[str, str, int]]:
    """The sweep with so many hours left, twice: what it said in all."""
    clock.set(fresh(booking).deadline_at - timedelta(hours=hours))
    sweep_reminders()
    sweep_reminders()
    return reminded()


@pytest.mark.parametrize(
    ("stands", "whose", "kind", "half"),
    [
        (submitted, ("talent", "agency"), "answer", 36),
        (negotiations.proposing, ("agency",), "propose", 36),
        (to_sign, ("talent",), "sign", 36),
        (negotiations.countered, ("brand",), "counter", 36),
        (agreed, ("brand",), "pay", 84),
    ],
)
def test_twice_and_each_time_once_to_whose_turn_it_is(world, clock, stands, whose, kind, half):
    booking = stands(world)
    parties = sorted(getattr(world, name).party for name in whose)
    assert left(clock, booking, half + 1) == []
    first = [(party, kind, half) for party in parties]
    assert left(clock, booking, half) == first
    assert left(clock, booking, 7) == first
    assert left(clock, booking, 6) == first + [(party, kind, 6) for party in parties]
    assert left(clock, booking, -1) == first + [(party, kind, 6) for party in parties]


def test_who_has_answered_is_left_in_peace(world, clock):
    booking = submitted(world)
    answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
    assert left(clock, booking, 36) == [(world.agency.party, "answer", 36)]


def test_after_a_long_sleep_the_last_one_alone_is_sent(world, clock):
    assert left(clock, submitted(world), 2) == [
        (party, "answer", 2) for party in sorted([world.talent.party, world.agency.party])
    ]


def test_a_deadline_that_moved_is_reminded_of_anew(world, clock):
    booking = negotiations.proposing(world)
    left(clock, booking, 36)
    Booking.objects.update(deadline_at=clock.now() + timedelta(hours=72))
    assert len(left(clock, booking, 36)) == 2


def test_it_leaves_an_event(world, clock):
    left(clock, submitted(world), 36)
    assert "booking.reminded" in "".join(Event.objects.values_list("record", flat=True))
