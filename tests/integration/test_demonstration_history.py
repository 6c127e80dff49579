"""The demonstration's past: told once, in its months, to the cent, whatever interrupts it. The GPU service is a fake on
real HTTP, the payments go through the stand-in, and the faces are those of the synthetic people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from apps.bookings.conditions import Conditions
from apps.bookings.models import Booking, Deliverable, Licence, Transition
from apps.bookings.states import State
from apps.bookings.tasks import sweep_licences
from apps.common.clock import true_now
from apps.demonstration.history import paying, telling
from apps.demonstration.history.clock import standing_at
from apps.demonstration.history.loading import begins, cast, programme, tell_stories, untold
from apps.demonstration.history.stories import PAST, STORIES, Ending, Story, days
from apps.demonstration.history.telling import STANDS, STEPS
from apps.demonstration.models import ToldStory
from apps.demonstration.people import actor_of, load_parties, load_talent
from apps.demonstration.programme import BRANDS, PEOPLE
from apps.integrations.gpu import engines
from apps.ledger.models import Entry, Journal
from apps.ledger.services import audit, balance
from apps.payments.models import Charge, Op
from apps.royalties.statements import monthly_totals, statement
from apps.talent.models import Talent
from apps.twins.models import Twin
from tests.factories.likenesses import listed_twin_of, picture_of
from tests.fakes.gpu import SIZES, FakeGpu, Job, fake_gpu

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])

HERE = ("maya-okafor", "mateo-silva")
BY_SLUG = {story.slug: story for story in STORIES}
WOOL = replace(BY_SLUG["undyed-wool"], shots=BY_SLUG["undyed-wool"].shots[:1])
MONEY_MOVES = {
    Ending.POSTPONED,
    Ending.RECONSIDERED,
    Ending.UNDELIVERED,
    Ending.MODEL_LOOKS,
    Ending.BRAND_CHOOSES,
    Ending.ON_HOLD,
    Ending.DELIVERED,
}


@pytest.fixture
def gpu(settings: Any) -> Iterator[FakeGpu]:
    """Makes every picture at once, with the face of the twin that it is asked for."""
    sources: dict[str, str] = {}

    def make(job: Job) -> None:
        twin = job.request["input"]["twin_ref"]
        job.succeed(picture_of(sources[twin], SIZES[job.request["input"]["format"]]))

    with fake_gpu() as fake:
        settings.GPU_SERVICE_URL = fake.url
        settings.SANDBOX_WEBHOOK_URL = "http://127.0.0.1:9/nobody/"  # the site's own processes are not up
        cache.clear()
        sources |= people()
        fake.before_answer = make
        yield fake
        engines.engine().close()
        engines._open_contract.cache_clear()


def people() -> dict[str, str]:
    """Maya and Mateo with listed twins, the agencies and the brands, eight months ago. Twin → source of its faces."""
    found = {}
    with standing_at(true_now() - timedelta(days=245)):
        load_parties()
        for person in PEOPLE:
            if person.slug in HERE:
                talent = load_talent(person)
                twin = listed_twin_of(person.source, talent, actor_of(talent.user))
                found[twin.ref] = person.source
    return found


def told(*stories: Story) -> list[str]:
    said: list[str] = []
    tell_stories(stories, say=said.append)
    return said


def party(slug: str) -> str:
    return Talent.objects.get(slug=slug).party


def month_of(story: Story) -> tuple[int, int]:
    """When its pictures were delivered."""
    delivered = begins(story) + timedelta(hours=33)
    return delivered.year, delivered.month


def test_a_moved_clock_moves_every_row_and_nothing_stays_moved() -> None:
    default = Charge._meta.get_field("created_at")
    with standing_at(true_now() - timedelta(days=100)) as clock:
        assert true_now() - timezone.now() > timedelta(days=99)
        assert timezone.localtime(true_now()).tzinfo is not None
        clock.at_least(true_now() - timedelta(days=90))
        assert timedelta(days=89) < true_now() - timezone.now() < timedelta(days=91)
        clock.at_least(true_now() - timedelta(days=95))
        assert true_now() - timezone.now() < timedelta(days=91)
        event = Op._meta.get_field("due_at").get_default()
        assert event < true_now() - timedelta(days=89)
    assert default is Charge._meta.get_field("created_at")
    assert true_now() - timezone.now() < timedelta(seconds=5)


def test_half_a_year_stands_in_its_months_to_the_cent(gpu: FakeGpu) -> None:
    stories = [BY_SLUG[slug] for slug in ("undyed-wool", "spring-tailoring", "the-suit", "knitwear-pages")]
    assert told(*stories) == [f"{story.title}: delivered" for story in stories]
    maya = party("maya-okafor")
    earned = {(total.year, total.month): total.earned_minor for total in monthly_totals(maya)}
    expected: dict[tuple[int, int], int] = dict.fromkeys(earned, 0)
    for story in stories:
        if story.twin == "maya-okafor":
            booking = Booking.objects.get(title=story.title)
            hers = sum(s["amount_minor"] for s in booking.current_terms.split if s["party"] == maya)
            assert hers > 0
            expected[month_of(story)] += hers
            sheet = statement(maya, *month_of(story))
            assert booking.ref in {line.ref for line in sheet.lines}
    assert earned == expected
    assert balance(f"payable:{maya}", "EUR") == -sum(expected.values())
    assert audit().balanced
    for journal in Journal.objects.prefetch_related("entries"):
        assert {entry.booked_at for entry in journal.entries.all()} == {journal.occurred_at}


def test_licences_begin_and_end_where_the_story_says(gpu: FakeGpu) -> None:
    old = replace(WOOL, months=3)
    told(old, BY_SLUG["the-suit"])
    ended, running = Licence.objects.order_by("starts_on")
    assert ended.starts_on == (begins(old) + timedelta(hours=33)).date()
    assert ended.state == Licence.State.ACTIVE  # until the night that ends it
    sweep_licences()
    ended.refresh_from_db()
    assert (ended.state, running.state) == (Licence.State.EXPIRED, Licence.State.ACTIVE)
    assert running.exclusivity == "category" and running.runs_on(true_now().date())


def test_told_twice_is_told_once_and_what_visitors_did_stays(gpu: FakeGpu) -> None:
    waiting = BY_SLUG["linen-essentials"]
    told(WOOL, waiting)
    booking = Booking.objects.get(title=waiting.title)
    telling.closing.cancel(by=actor_of(telling.user_of(waiting.brand)), booking=booking)
    assert told(WOOL, waiting) == []
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED
    assert (Booking.objects.count(), Deliverable.objects.count(), ToldStory.objects.count()) == (2, 2, 2)


POINTS = [
    (telling.compose, "submit"),
    (telling.payment, "checkout"),
    (paying, "press"),
    (telling.payments, "settle"),
    (telling.payments, "announce"),
    (telling.making, "start_making"),
    (telling.review, "decide"),
    (telling.review, "finish"),
    (telling.delivery, "release_selected"),
]


@pytest.mark.parametrize(("module", "name"), POINTS, ids=[name for _, name in POINTS])
def test_killed_in_the_middle_of_a_story_the_next_load_goes_on_with_it(
    gpu: FakeGpu, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    act = getattr(module, name)

    def killed(*args: Any, **kwargs: Any) -> None:
        act(*args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, name, killed)
        told(WOOL)
    assert untold([WOOL]) == [WOOL]
    assert told(WOOL) == ["Undyed wool: delivered"]
    booking = Booking.objects.get()
    assert Deliverable.objects.count() == 2, "the picture as it was released, and in the label that the brand chose"
    assert len(gpu.jobs) == 1
    assert list(Journal.objects.filter(ref=booking.ref).values_list("kind", flat=True).order_by("occurred_at")) == [
        "payment",
        "earned",
    ]
    actions = list(Transition.objects.filter(booking=booking).values_list("action", flat=True))
    assert len(actions) == len(set(actions))
    assert audit().balanced


@pytest.mark.parametrize(
    "ending",
    [
        Ending.DRAFT,
        Ending.UNANSWERED,
        Ending.AGENCY_ANSWERED,
        Ending.MODEL_ANSWERED,
        Ending.PROPOSING,
        Ending.TO_SIGN,
        Ending.COUNTERED,
        Ending.AGREED,
        Ending.DECLINED,
        Ending.EXPIRED,
        Ending.UNPAID,
        Ending.WITHDRAWN,
        Ending.POSTPONED,
        Ending.RECONSIDERED,
        Ending.UNDELIVERED,
        Ending.MODEL_LOOKS,
        Ending.BRAND_CHOOSES,
        Ending.ON_HOLD,
    ],
)
def test_every_ending_is_reached_and_the_books_agree(gpu: FakeGpu, ending: Ending) -> None:
    story = replace(WOOL, ending=ending, ago=days(40), conditions=Conditions(longest_window_months=12))
    assert told(story) == [f"{story.title}: {ending}"]
    booking = Booking.objects.get()
    assert booking.state == STANDS[ending]
    charge = Charge.objects.filter(ref=booking.ref).first()
    assert (charge is not None) == (ending in MONEY_MOVES)
    if booking.state in {State.CANCELLED, State.CLOSED_UNDELIVERED} and charge:
        assert charge.refunded_minor == charge.promised_minor > 0
        assert balance(f"held:{booking.ref}", "EUR") == 0
    assert not Op.objects.exclude(state=Op.State.DONE).exists()
    assert not Entry.objects.filter(booked_at__gt=true_now() - timedelta(days=30)).exists()
    assert audit().balanced
    assert (Twin.objects.get(talent__slug=story.twin).state == Twin.State.PAUSED) == (ending == Ending.ON_HOLD)


def test_the_programme_is_written_so_that_it_can_be_told() -> None:
    slugs = [story.slug for story in STORIES]
    assert len(set(slugs)) == len(slugs)
    assert {story.ending for story in STORIES} == set(Ending)
    assert {story.brand for story in STORIES} == {brand.slug for brand in BRANDS}
    assert {story.twin for story in STORIES} == {person.slug for person in PEOPLE}
    assert list(STORIES) == programme(short=False)
    for story in STORIES:
        assert _ends(story) < true_now(), f"{story.slug} would end in the future"
    moving = [story for story in PAST if story.ending in MONEY_MOVES]
    for earlier, later in pairwise(moving):
        assert _ends(earlier) < begins(later), f"{earlier.slug} runs into {later.slug}"
    assert cast(STORIES) == list(PEOPLE)


def test_the_short_programme_has_few_models_and_something_that_waits_for_each_party() -> None:
    stories = programme(short=True)
    waiting = {Ending.DRAFT, Ending.UNANSWERED, Ending.AGENCY_ANSWERED, Ending.AGREED, Ending.DELIVERED}
    assert waiting <= {story.ending for story in stories}
    assert len(cast(stories)) == 4


def _ends(story: Story) -> datetime:
    return begins(story) + STEPS[story.ending][-1].after
