"""Conditions instead of a yes: the joint version, her signature on it, the brand's acceptance or its own version."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.actor import StepUpNeeded
from apps.bookings.conditions import Conditions
from apps.bookings.models import Approval, Booking, RightsSlot
from apps.bookings.selectors import opened_answers
from apps.bookings.services import answers, closing, countering
from apps.bookings.states import State
from apps.bookings.tasks import sweep_answers, sweep_deadlines
from apps.bookings.terms import proposal_of
from apps.bookings.turns import waits_for
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.notifications.models import Notice
from tests.factories import negotiations as make
from tests.factories.bookings import fresh, submitted
from tests.factories.people import World, acting, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def told(party: str) -> list[str]:
    return list(Notice.objects.for_party(party).values_list("kind", flat=True))


class TestConditions:
    def test_nobody_said_no_and_somebody_set_conditions_opens_both_answers_together(self, world):
        booking = submitted(world, pictures=4)
        booking = make.conditions(world, booking, who="maya")
        assert booking.state == State.SUBMITTED
        assert not Approval.objects.filter(opened_at__isnull=False).exists()
        booking = answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        assert booking.state == State.PROPOSING
        assert Approval.objects.filter(opened_at__isnull=False).count() == 2
        assert timedelta(hours=71) < booking.deadline_at - timezone.now() <= timedelta(hours=72)

    def test_one_no_closes_whatever_the_other_asked_for(self, world):
        booking = make.conditions(world, submitted(world), who="maya", lowest_fee_minor=900_000)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="no")
        Approval.objects.filter(answer="no").update(counts_from=timezone.now())
        sweep_answers()
        assert fresh(booking).state == State.DECLINED

    @pytest.mark.parametrize(
        ("field", "asked"),
        [
            ("lowest_fee", {"lowest_fee_minor": 1}),
            ("longest_window_months", {"longest_window_months": 24}),
            ("media", {"media": ("tv",)}),
            ("territories", {"territories": ("US",)}),
            ("no_exclusivity", {"no_exclusivity": True}),
            ("most_pictures", {"most_pictures": 0}),
            ("note", {"longest_window_months": 6, "note": "x" * 501}),
            (None, {}),
            (None, {"note": "A word is no condition that a version can keep to"}),
        ],
    )
    def test_a_condition_that_asks_too_much_or_nothing_is_refused_with_its_field(self, world, field, asked):
        with pytest.raises(InvalidInput) as caught:
            make.conditions(world, submitted(world), who="maya", only=asked)
        assert caught.value.field == field
        assert not Approval.objects.exists()

    def test_conditions_can_be_taken_back_for_ten_minutes_also_after_both_opened(self, world):
        booking = make.proposing(world)
        make.propose(world, booking)
        booking = answers.take_back(by=world.maya.actor, booking=booking)
        assert booking.state == State.SUBMITTED
        assert proposal_of(booking) is None, "what was written for her conditions goes with them"
        assert answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes").state == State.AGREED

    def test_after_ten_minutes_they_stand(self, world):
        booking = make.proposing(world)
        Approval.objects.update(answered_at=timezone.now() - timedelta(minutes=10))
        with pytest.raises(StaleState, match="ten minutes"):
            answers.take_back(by=world.maya.actor, booking=booking)

    def test_conditions_need_a_fresh_sign_in(self, world):
        stale = acting(world.maya.user, world.talent.party, "talent", world.maya.actor.permissions, stepped_up=False)
        with pytest.raises(StepUpNeeded):
            answers.answer(
                by=stale, booking=submitted(world), version=1, answer="conditions",
                conditions=Conditions(longest_window_months=6),
            )  # fmt: skip


class TestTheJointVersion:
    def test_the_agency_writes_it_and_the_model_signs_exactly_that_memo(self, world):
        booking = make.proposing(world)
        written = make.propose(world, booking)
        assert told(world.talent.party)[0] == "booking.to_sign"
        booking = answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="yes")
        assert (booking.state, booking.version) == (State.COUNTERED, 2)
        signature = Approval.objects.get(terms=written, side="talent").signature
        assert (signature.text, signature.text_sha256) == (written.memo_text, written.memo_sha256)
        assert told(world.brand.party)[0] == "booking.countered"

    def test_the_brand_sees_nothing_of_it_before_she_signed(self, world):
        booking = make.proposing(world)
        before = Booking.objects.values().get()
        make.propose(world, booking, window_months=3, pictures=2)
        after = Booking.objects.values().get()
        assert {name for name in after if before[name] != after[name]} == {"deadline_at"}
        assert booking.pictures == 4

    @pytest.mark.parametrize(
        ("field", "asked", "worse"),
        [
            ("fee", {"lowest_fee_minor": 1_600_000}, {"fee_minor": 1_599_999}),
            ("fee", {"lowest_fee_minor": 1_600_000}, {"fee_minor": None}),
            ("window_months", {"longest_window_months": 6}, {"window_months": 12}),
            ("media", {"media": ("ecommerce",)}, {"media": ["ecommerce", "own"]}),
            ("territories", {"territories": ("DE",)}, {"territories": ["DE", "FR"]}),
            ("exclusivity", {"no_exclusivity": True}, {"exclusivity": "category"}),
            ("pictures", {"most_pictures": 3}, {"pictures": 4}),
        ],
    )
    def test_it_is_no_worse_than_what_she_asked_for(self, world, field, asked, worse):
        booking = make.proposing(world, **asked)
        with pytest.raises(InvalidInput) as caught:
            make.propose(world, booking, **worse)
        assert caught.value.field == field
        assert proposal_of(booking) is None

    @pytest.mark.parametrize(
        "more", [{"window_months": 24}, {"media": ["tv"]}, {"territories": ["US"]}, {"pictures": 5}, {"pictures": 0}]
    )
    def test_it_never_gives_the_brand_more_than_it_asked_for(self, world, more):
        with pytest.raises(InvalidInput) as caught:
            make.propose(world, make.proposing(world, lowest_fee_minor=1_600_000), **{"fee_minor": 9_900_000} | more)
        assert caught.value.field == next(iter(more))

    def test_a_fee_above_the_rate_card_is_met_to_the_cent_and_one_below_is_refused(self, world):
        booking = make.proposing(world, lowest_fee_minor=1_812_345)
        written = make.propose(world, booking, fee_minor=1_812_345)
        assert written.fee_minor == 1_812_345
        assert sum(share["amount_minor"] for share in written.split) == written.total_minor
        with pytest.raises(InvalidInput, match="rate card") as caught:
            make.propose(world, booking, fee_minor=100)
        assert caught.value.field == "fee_minor"

    def test_written_anew_the_former_one_cannot_be_signed(self, world):
        booking = make.proposing(world)
        make.propose(world, booking)
        make.propose(world, booking, pictures=2)
        with pytest.raises(StaleState, match="terms changed"):
            answers.answer(by=world.maya.actor, booking=booking, version=2, answer="yes")
        assert answers.answer(by=world.maya.actor, booking=booking, version=3, answer="yes").version == 3

    def test_she_can_say_no_to_it_and_take_that_back(self, world):
        booking = make.proposing(world)
        make.propose(world, booking)
        booking = answers.answer(by=world.maya.actor, booking=booking, version=2, answer="no")
        assert booking.state == State.PROPOSING
        answers.take_back(by=world.maya.actor, booking=booking)
        answers.answer(by=world.maya.actor, booking=booking, version=2, answer="no")
        Approval.objects.filter(answer="no").update(counts_from=timezone.now())
        sweep_answers()
        assert fresh(booking).state == State.DECLINED
        assert told(world.brand.party)[0] == "booking.not_available"

    def test_without_an_agency_she_writes_it_herself_and_then_signs(self, world):
        world.talent.mandates.all().delete()
        booking = make.conditions(world, submitted(world, pictures=4), who="maya")
        assert (booking.agency, booking.state) == (None, State.PROPOSING)
        written = make.propose(world, booking, by=world.maya)
        assert fresh(booking).state == State.PROPOSING
        assert answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="yes").state == (
            State.COUNTERED
        )

    @pytest.mark.parametrize("who", ["maya", "producer", "mother_booker", "other_booker", "other_model"])
    def test_nobody_else_writes_it(self, world, who):
        booking = make.proposing(world)
        with pytest.raises(NotAllowed):
            make.propose(world, booking, by=getattr(world, who))

    def test_what_stands_against_it_by_now_is_said_and_nothing_is_written(self, world):
        booking = make.proposing(world)
        world.talent.boundaries.barred_media = ["ecommerce"]
        world.talent.boundaries.save()
        with pytest.raises(Refused, match="not available for e-commerce"):
            make.propose(world, booking)
        assert proposal_of(booking) is None

    def test_her_signature_can_be_taken_back_and_the_brands_own_version_is_in_force_again(self, world):
        booking = make.countered(world, pictures=2, window_months=3)
        assert (booking.window_months, booking.pictures) == (3, 2)
        booking = fresh(answers.take_back(by=world.maya.actor, booking=booking))
        assert (booking.state, booking.version, booking.window_months, booking.pictures) == (State.PROPOSING, 1, 12, 4)
        with pytest.raises(StaleState):
            countering.accept_counter(by=world.producer.actor, booking=booking, version=2)
        written = make.propose(world, booking)
        assert answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="yes").state == (
            State.COUNTERED
        )


class TestSayingNoInsteadOfWriting:
    """One no closes; the agency's no is shown to the model; a no takes effect when its ten minutes are over."""

    def no(self, world, booking, *, by=None):
        by = by or world.booker
        return fresh(answers.answer(by=by.actor, booking=booking, version=booking.version, answer="no"))

    def ten_minutes_later(self, booking) -> Booking:
        Approval.objects.filter(answer="no").update(counts_from=timezone.now())
        sweep_answers()
        return fresh(booking)

    @pytest.mark.parametrize("written", [False, True])
    def test_it_closes_after_its_ten_minutes_and_the_model_reads_whose_it_was(self, world, written):
        booking = make.proposing(world)
        if written:
            make.propose(world, booking)
        booking = self.no(world, booking)
        sweep_answers()
        assert fresh(booking).state == State.PROPOSING, "its ten minutes are not over"
        booking = self.ten_minutes_later(booking)
        assert booking.state == State.DECLINED
        assert told(world.brand.party)[0] == "booking.not_available"
        assert told(world.talent.party)[0] == "booking.declined"
        assert [(row.side, row.answer) for row in opened_answers(booking)] == [
            ("Agency", "No"), ("Model", "With conditions"),
        ]  # fmt: skip

    def test_what_was_written_cannot_be_signed_any_more_and_nothing_new_is_written(self, world):
        booking = make.proposing(world)
        written = make.propose(world, booking)
        self.no(world, booking)
        with pytest.raises(StaleState):
            answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="yes")
        with pytest.raises(StaleState, match="You said no"):
            make.propose(world, booking)
        assert waits_for(fresh(booking)) == []

    def test_taken_back_the_answer_from_before_stands_and_the_version_is_written(self, world):
        booking = make.proposing(world)
        self.no(world, booking)
        answers.take_back(by=world.booker.actor, booking=booking)
        assert [(row.side, row.answer) for row in opened_answers(booking)] == [
            ("Agency", "Yes"), ("Model", "With conditions"),
        ]  # fmt: skip
        assert self.ten_minutes_later(booking).state == State.PROPOSING
        assert waits_for(fresh(booking)) == [world.agency.party]
        written = make.propose(world, booking)
        signed = answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="yes")
        assert signed.state == State.COUNTERED

    def test_it_is_said_once_and_her_own_no_is_not_lost_with_what_was_written(self, world):
        booking = make.proposing(world)
        written = make.propose(world, booking)
        answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="no")
        with pytest.raises(StaleState, match="already answered"):
            self.no(world, booking)
        assert self.ten_minutes_later(booking).state == State.DECLINED
        other = make.proposing(world)
        self.no(world, other)
        with pytest.raises(StaleState, match="already answered"):
            self.no(world, other)

    def test_without_an_agency_it_is_the_model_who_says_it(self, world):
        world.talent.mandates.all().delete()
        booking = make.conditions(world, submitted(world, pictures=4), who="maya")
        assert self.ten_minutes_later(self.no(world, booking, by=world.maya)).state == State.DECLINED

    def test_a_represented_model_waits_for_the_version_and_then_answers_it(self, world):
        with pytest.raises(StaleState, match="being written"):
            self.no(world, make.proposing(world), by=world.maya)


class TestTheBrandsTurn:
    def test_it_accepts_exactly_that_version_and_the_rights_are_taken(self, world):
        booking = make.countered(world, window_months=6)
        booking = countering.accept_counter(by=world.producer.actor, booking=booking, version=2)
        assert booking.state == State.AGREED
        assert timedelta(days=6) < booking.deadline_at - timezone.now() <= timedelta(days=7)
        assert RightsSlot.objects.filter(booking=booking, released_at=None).exists()
        assert told(world.talent.party)[0] == told(world.agency.party)[0] == "booking.counter_accepted"

    def test_another_version_than_the_one_it_saw_is_not_accepted(self, world):
        with pytest.raises(StaleState, match="version changed"):
            countering.accept_counter(by=world.producer.actor, booking=make.countered(world), version=1)

    def test_it_answers_with_its_own_and_both_are_asked_anew(self, world):
        booking = make.countered(world)
        booking = make.resubmit(world, booking, window_months=6, fee_minor=1_900_000)
        assert (booking.state, booking.version, booking.rounds) == (State.SUBMITTED, 3, 2)
        assert booking.current_terms.fee_minor == 1_900_000
        assert not Approval.objects.filter(terms__booking=booking, terms__version=3).exists()
        for who in (world.booker, world.maya):
            booking = answers.answer(by=who.actor, booking=booking, version=3, answer="yes")
        assert booking.state == State.AGREED

    def test_five_rounds_are_the_most(self, world):
        booking = make.countered(world)
        for _ in range(4):
            booking = make.counter(world, make.resubmit(world, booking, fee_minor=None, window_months=12))
        assert booking.rounds == 5
        with pytest.raises(Refused, match="Five rounds"):
            make.resubmit(world, booking, window_months=3)
        assert countering.accept_counter(
            by=world.producer.actor, booking=booking, version=booking.version
        ).state == State.AGREED  # fmt: skip

    def test_another_agency_would_answer_so_it_is_another_request(self, world):
        booking = make.countered(world)
        world.talent.mandates.filter(agency=world.agency).update(territories=["DE"])
        with pytest.raises(Refused):
            make.resubmit(world, booking, territories=["JP"])
        assert fresh(booking).state == State.COUNTERED

    @pytest.mark.parametrize("who", ["maya", "booker", "rival_producer", "other_booker", "mother_booker"])
    def test_nobody_else_answers_for_the_brand(self, world, who):
        booking, by = make.countered(world), getattr(world, who).actor
        with pytest.raises(NotAllowed):
            countering.accept_counter(by=by, booking=booking, version=2)
        with pytest.raises(NotAllowed):
            make.resubmit(world, booking, by=by)

    @pytest.mark.parametrize("stands", ["proposing", "countered"])
    def test_silence_closes_it_and_the_brand_may_leave_for_nothing(self, world, stands):
        booking = getattr(make, stands)(world)
        Booking.objects.update(deadline_at=timezone.now())
        sweep_deadlines()
        assert fresh(booking).state == State.EXPIRED
        other = getattr(make, stands)(world)
        assert closing.cancel(by=world.producer.actor, booking=other).state == State.CANCELLED
