"""Remarks on pictures, and another picture with words: who pins, who reads, who settles, and what is made of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.bookings.models import Booking, Pin, Review, Wish
from apps.bookings.services import looking, pins, review, wishes
from apps.bookings.tasks import sweep_deadlines
from apps.common.depiction import Trait
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.generation.models import Job
from apps.talent.never_again import never_again
from tests.factories import bookings as make
from tests.factories.people import World, acting, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

PASSED, WAITING, ASKED = "passed", "waiting", "asked about"
HERS = {"the model"}
BRAND = {"the brand's owner", "the brand's producer"}
AGENCY = {"the agency's booker", "the agency's owner"}
# Who may write on a picture, by how far it is. The mother agency is informed and has no say.
MAY_PIN = {WAITING: HERS, ASKED: HERS | AGENCY, PASSED: HERS | AGENCY | BRAND}
# Who settles a remark, by whose it is: a side its own, and she those of her agency.
MAY_RESOLVE = {"the brand's producer": BRAND, "the model": HERS, "the agency's booker": HERS | AGENCY}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def everybody(world: World) -> dict[str, Actor]:
    return {
        "the model": world.maya.actor,
        "another model": world.other_model.actor,
        "the agency's booker": world.booker.actor,
        "the agency's owner": make_member(world.agency, "owner", "olga").actor,
        "the agency's accountant": make_member(world.agency, "accountant", "anne").actor,
        "the mother agency's booker": world.mother_booker.actor,
        "another agency's booker": world.other_booker.actor,
        "the brand's owner": world.producer.actor,
        "the brand's producer": make_member(world.brand, "producer", "paul").actor,
        "the brand's finance": make_member(world.brand, "finance", "fred").actor,
        "the brand's viewer": make_member(world.brand, "viewer", "vera").actor,
        "staff": acting(world.maya.user, "platform", "staff", frozenset()),
    }


def picture(world: World, how: str = PASSED, **fields: int) -> Review:
    booking = make.in_review(world, **fields)
    row = load(Review.objects.filter(booking=booking).first())
    if how == PASSED:
        review.decide(by=world.maya.actor, review=row, passed=True)
    if how == ASKED:
        looking.ask_advice(by=world.maya.actor, review=row)
    return load(row)


def load(row: Review) -> Review:
    return Review.objects.select_related(
        "booking__twin__talent", "booking__brand", "booking__agency", "look__booking", "candidate"
    ).get(pk=row.pk)


def pinned(by: Actor, row: Review, text: str = "Lower the hand") -> Pin:
    return pins.pin(by=by, review=row, x=500, y=250, text=text)


def who_may(everybody: dict[str, Actor], act) -> set[str]:
    done = set()
    for name, actor in everybody.items():
        try:
            act(actor)
        except NotAllowed:
            continue
        done.add(name)
    return done


class TestWho:
    @pytest.mark.parametrize("how", MAY_PIN)
    def test_may_pin(self, world, everybody, how):
        row = picture(world, how)
        assert who_may(everybody, lambda actor: pinned(actor, row)) == MAY_PIN[how]

    @pytest.mark.parametrize("author", MAY_RESOLVE)
    def test_may_settle(self, world, everybody, author):
        row = picture(world)

        def settle(actor: Actor) -> None:
            pins.resolve(by=actor, pin=Pin.objects.get(pk=pinned(everybody[author], row).pk))

        assert who_may(everybody, settle) == MAY_RESOLVE[author]

    def test_the_brand_reads_its_own_remarks_and_none_of_the_model_or_her_agency(self, world, everybody):
        row = picture(world)
        pinned(everybody["the model"], row, "I hold my breath here")
        pinned(everybody["the agency's booker"], row, "Fine for us")
        pinned(everybody["the brand's owner"], row, "The seam is hidden")
        assert [pin.text for pin in pins.pins_of([row], kind="brand")[row]] == ["The seam is hidden"]
        for kind in ("talent", "agency"):
            assert len(pins.pins_of([row], kind=kind)[row]) == 3

    def test_a_remark_made_before_she_passed_it_stays_hers(self, world):
        row = picture(world, WAITING)
        pinned(world.maya.actor, row, "Not my hand")
        review.decide(by=world.maya.actor, review=row, passed=True)
        assert pins.pins_of([row], kind="brand")[row] == []


class TestPinning:
    def test_it_is_kept_with_its_place_author_and_party_and_written_down(self, world):
        made = pinned(world.producer.actor, picture(world))
        assert (made.x, made.y, made.side, made.author) == (500, 250, "brand", world.producer.user)
        assert Event.objects.filter(record__contains='"kind":"picture.pinned"').count() == 1

    @pytest.mark.parametrize(
        ("field", "x", "y", "text"),
        [("x", 1001, 5, "a"), ("y", 5, -1, "a"), ("text", 5, 5, "  "), ("text", 5, 5, "a" * 301)],
    )
    def test_what_makes_no_sense_says_which_field(self, world, field, x, y, text):
        with pytest.raises(InvalidInput) as error:
            pins.pin(by=world.producer.actor, review=picture(world), x=x, y=y, text=text)
        assert error.value.field == field

    def test_settled_is_settled_once_and_says_by_whom(self, world):
        made = pinned(world.producer.actor, picture(world))
        pins.resolve(by=world.producer.actor, pin=made)
        assert (made.resolver, made.resolved_at is not None) == (world.producer.user, True)
        with pytest.raises(StaleState):
            pins.resolve(by=world.producer.actor, pin=made)

    def test_nothing_is_written_on_a_finished_selection(self, world):
        row = picture(world, pictures=1)
        review.select(by=world.producer.actor, review=row, chosen=True)
        review.finish(by=world.producer.actor, booking=row.booking)
        with pytest.raises(StaleState):
            pinned(world.producer.actor, load(row))


class TestWishes:
    """Nothing is made for words that she has not seen."""

    def asked(self, world: World, *texts: str) -> tuple[Booking, Wish]:
        row = picture(world)
        for text in texts or ("Lower the hand",):
            pinned(world.producer.actor, row, text)
        review.ask_another(by=world.producer.actor, look=row.look)
        return row.booking, Wish.objects.select_related("look__booking__twin__talent").get()

    def jobs(self, booking: Booking) -> int:
        return Job.objects.of_booking(booking.ref).open().count()

    def test_without_words_the_picture_is_ordered_at_once(self, world):
        row = picture(world)
        review.ask_another(by=world.producer.actor, look=row.look)
        assert self.jobs(row.booking) == 1 and not Wish.objects.exists()

    def test_with_open_words_nothing_is_made_before_her_yes_to_them(self, world):
        booking, wish = self.asked(world, "Lower the hand", "Collar higher")
        assert self.jobs(booking) == 0
        assert wish.note == "Lower the hand\nCollar higher"
        wishes.answer_wish(by=world.maya.actor, wish=wish, granted=True)
        brief = Job.objects.of_booking(booking.ref).open().get().spec["brief"]
        assert brief == "Red on red\n\nAsked for after looking:\nLower the hand\nCollar higher"

    def test_words_settled_before_and_words_of_her_own_side_do_not_go_along(self, world):
        row = picture(world)
        pins.resolve(by=world.producer.actor, pin=pinned(world.producer.actor, row, "Settled"))
        pinned(world.maya.actor, row, "Mine")
        review.ask_another(by=world.producer.actor, look=row.look)
        assert Job.objects.of_booking(row.booking.ref).open().get().spec["brief"] == "Red on red"

    def test_her_no_makes_nothing(self, world):
        booking, wish = self.asked(world)
        wishes.answer_wish(by=world.maya.actor, wish=wish, granted=False)
        assert self.jobs(booking) == 0
        with pytest.raises(StaleState):
            wishes.answer_wish(by=world.maya.actor, wish=wish, granted=True)

    def test_nobody_answers_for_her(self, world, everybody):
        _, wish = self.asked(world)
        assert who_may(everybody, lambda by: wishes.answer_wish(by=by, wish=wish, granted=True)) == HERS

    def test_48_hours_of_silence_are_a_no(self, world):
        booking, wish = self.asked(world)
        Wish.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
        sweep_deadlines()
        wish.refresh_from_db()
        assert (wish.state, self.jobs(booking)) == (Wish.State.LAPSED, 0)

    def test_one_waits_per_look_and_is_kept_back_from_what_is_left(self, world):
        booking, wish = self.asked(world)
        assert review.left_to_ask(booking) == 6 - 2 - 1
        with pytest.raises(StaleState):
            review.ask_another(by=world.producer.actor, look=wish.look)

    def test_finishing_closes_what_still_waits(self, world):
        booking, wish = self.asked(world)
        review.select(by=world.producer.actor, review=booking.reviews.get(decision="passed"), chosen=True)
        review.finish(by=world.producer.actor, booking=booking)
        wish.refresh_from_db()
        assert wish.state == Wish.State.CLOSED

    def test_a_yes_is_refused_where_a_rule_of_hers_forbids_the_look_by_now(self, world):
        _, wish = self.asked(world)
        never_again(by=world.maya.actor, talent=world.talent, trait=Trait("scene", "block"))
        with pytest.raises(Refused, match="No more pictures"):
            wishes.answer_wish(by=world.maya.actor, wish=wish, granted=True)


class TestSeveral:
    """Bulk where it is safe: she passes several only after each was opened at full size; nobody rejects in bulk."""

    def rows(self, booking: Booking) -> list[Review]:
        return [load(row) for row in booking.reviews.all()]

    def test_not_before_each_was_opened_at_full_size(self, world):
        booking = make.in_review(world, pictures=3)
        first, second, _ = self.rows(booking)
        looking.open_full_size(by=world.maya.actor, review=first)
        with pytest.raises(Refused, match="full size"):
            looking.pass_several(by=world.maya.actor, booking=booking, reviews=[load(first), load(second)])
        assert not booking.reviews.exclude(decision="waiting").exists()
        looking.open_full_size(by=world.maya.actor, review=second)
        looking.pass_several(by=world.maya.actor, booking=booking, reviews=[load(first), load(second)])
        assert booking.reviews.filter(decision="passed").count() == 2

    def test_what_a_check_doubts_is_decided_by_itself(self, world):
        booking = make.in_review(world, pictures=1)
        row = self.rows(booking)[0]
        looking.open_full_size(by=world.maya.actor, review=row)
        type(row.candidate).objects.update(state="needs_person", verdict="needs_person")
        with pytest.raises(Refused, match="doubts"):
            looking.pass_several(by=world.maya.actor, booking=booking, reviews=[load(row)])

    def test_nobody_opens_passes_or_asks_for_her(self, world, everybody):
        booking = make.in_review(world, pictures=1)
        row = self.rows(booking)[0]
        assert who_may(everybody, lambda by: looking.ask_advice(by=by, review=row)) == HERS
        assert who_may(everybody, lambda by: looking.open_full_size(by=by, review=row)) == HERS
        act = {"booking": booking, "reviews": [load(row)]}
        assert who_may(everybody, lambda by: looking.pass_several(by=by, **act)) == HERS

    def test_the_brand_takes_several_at_once_never_more_than_it_ordered(self, world, everybody):
        booking = make.in_review(world, pictures=2)
        for row in self.rows(booking):
            review.decide(by=world.maya.actor, review=row, passed=True)
        review.ask_another(by=world.producer.actor, look=booking.looks.get())
        looking.select_several(by=world.producer.actor, reviews=self.rows(booking))
        assert booking.reviews.filter(selected_at__isnull=False).count() == 2
        with pytest.raises(NotAllowed):
            looking.select_several(by=everybody["the brand's viewer"], reviews=[self.taken_back(world, booking)])

    def taken_back(self, world: World, booking: Booking) -> Review:
        return load(review.select(by=world.producer.actor, review=self.rows(booking)[0], chosen=False))
