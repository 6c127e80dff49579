"""The brand sees only "waiting", a counter, or "not available": never who said no, who set which condition, or why.

Two bookings go the same way by other people's answers; whatever the brand can read of them is the same to the letter.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.bookings import tasks
from apps.bookings.models import Booking
from apps.bookings.services import answers
from apps.bookings.states import State
from apps.demonstration.history.clock import standing_at
from apps.notifications.models import Notice
from tests.factories import negotiations as make
from tests.factories.bookings import fresh, submitted
from tests.factories.clients import signed_in
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

PAGES = ("booking", "booking_progress", "counter", "counter_own", "request")
LISTS = ("brand_home", "bookings", "notices")
REASON = "Their last campaign, and I never say why"
# What two loads of one page differ in: secrets of the form, ids, signatures of addresses, seconds.
NEVER_THE_SAME = (
    r'(name="csrfmiddlewaretoken" )?value="\w{64}"',
    r'nonce="[^"]+"',
    r"X-CSRFToken[^}]+",
    r"[0-9a-f]{8}-[0-9a-f-]{27}",
    r"(?<=T\d\d:\d\d):\d\d\.\d+",
    r"(sig|expires|signature)=[^&\"]+",
)
Way = Callable[[World, Booking], object]


def says(who: str, said: str) -> Way:
    def act(world: World, booking: Booking) -> None:
        by = getattr(world, who).actor
        if said == "conditions":
            make.conditions(world, booking, who=who, longest_window_months=6, note=REASON)
        else:
            answers.answer(by=by, booking=booking, version=1, answer=said, reason=REASON if said == "no" else "")

    return act


def the_no_counts(world: World, booking: Booking) -> None:
    tasks.sweep_answers()


def written(world: World, booking: Booking) -> None:
    make.propose(world, booking)


def signed(world: World, booking: Booking) -> None:
    answers.answer(by=world.maya.actor, booking=booking, version=2, answer="yes")


def refused_by_her(world: World, booking: Booking) -> None:
    answers.answer(by=world.maya.actor, booking=booking, version=2, answer="no", reason=REASON)


def nothing(world: World, booking: Booking) -> None: ...


# Each pair: the same outcome for the brand, brought about by somebody else. One act in each quarter of an hour.
SAME: dict[str, tuple[list[Way], list[Way]]] = {
    "one answer is in": ([says("maya", "yes")], [says("booker", "yes")]),
    "none or one answer is in": ([nothing], [says("booker", "conditions")]),
    "a sealed no": ([says("maya", "no")], [says("booker", "no")]),
    "a no": ([says("maya", "no"), the_no_counts], [says("booker", "no"), the_no_counts]),
    "a no after a yes": (
        [says("booker", "yes"), says("maya", "no"), the_no_counts],
        [says("maya", "yes"), says("booker", "no"), the_no_counts],
    ),
    "conditions or no answer yet": (
        [says("booker", "yes"), says("maya", "conditions")],
        [nothing, nothing],
    ),
    "whose conditions": (
        [says("booker", "yes"), says("maya", "conditions")],
        [says("maya", "yes"), says("booker", "conditions")],
    ),
    "written or not": (
        [says("booker", "yes"), says("maya", "conditions"), written],
        [says("booker", "yes"), says("maya", "conditions"), nothing],
    ),
    "a counter by whosever condition": (
        [says("booker", "yes"), says("maya", "conditions"), written, signed],
        [says("maya", "yes"), says("booker", "conditions"), written, signed],
    ),
    "a no to the version, or at once": (
        [says("booker", "yes"), says("maya", "conditions"), written, refused_by_her, the_no_counts],
        [nothing, nothing, nothing, says("booker", "no"), the_no_counts],
    ),
    "a no instead of a version, or at once": (
        [says("booker", "yes"), says("maya", "conditions"), written, says("booker", "no"), the_no_counts],
        [nothing, nothing, nothing, says("maya", "no"), the_no_counts],
    ),
}


def go(world: World, ways: list[Way]) -> Booking:
    with standing_at(datetime(2026, 12, 1, 9, tzinfo=UTC)) as clock:
        booking = submitted(world, **make.WIDE)
        for act in ways:
            clock.set(clock.now() + timedelta(minutes=15))
            for person in (world.maya, world.booker):
                person.actor = replace(person.actor, stepped_up_at=clock.now())
            act(world, fresh(booking))
        return fresh(booking)


def read(client: Client, name: str, booking: Booking | None) -> str:
    with standing_at(datetime(2026, 12, 1, 18, tzinfo=UTC)):
        answer = client.get(reverse(name, args=[booking.pk] if booking else []))
    text = f"{answer.status_code} {answer.headers.get('Location', '')} {answer.content.decode()}"
    if booking:
        text = text.replace(str(booking.pk), "PK").replace(booking.code, "CODE")
    return re.sub("|".join(NEVER_THE_SAME), "", text)


@pytest.mark.parametrize("what", SAME)
def test_nothing_that_the_brand_reads_tells_whose_answer_it_was(what: str) -> None:
    seen = []
    with standing_at(datetime(2026, 11, 30, 9, tzinfo=UTC)):
        world = make_world()
        client = signed_in(world.producer)
    for ways in SAME[what]:
        booking = go(world, ways)
        pages = {name: read(client, name, booking) for name in PAGES}
        pages |= {
            name: read(client, name, None).replace(str(booking.pk), "PK").replace(booking.code, "CODE")
            for name in LISTS
        }
        notices = [(row.kind, row.values) for row in Notice.objects.for_party(world.brand.party)]
        told = "".join(pages.values()) + str(notices)
        assert REASON not in told and "conditions" not in told.lower() and "proposing" not in told
        seen.append((pages, notices))
        Notice.objects.for_party(world.brand.party).delete()
        Booking.objects.filter(pk=booking.pk).update(state=State.CANCELLED, brand=world.rival)
    (pages, notices), (others, other_notices) = seen
    assert notices == other_notices
    for name, page in pages.items():
        assert page == others[name], name
