"""From the draft to the agreement: sealed answers, the deal memo, and what stands against a booking."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.actor import Actor, StepUpNeeded
from apps.audit.models import Event
from apps.bookings.models import Approval, Booking, RightsSlot
from apps.bookings.services import answers, compose
from apps.bookings.states import State
from apps.bookings.warnings import standing_against
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.consents.models import Consent, Purpose
from apps.consents.services import withdraw
from apps.talent.models import OutsideCommitment
from apps.twins.services import pause
from tests.factories.bookings import agreed, draft, submitted
from tests.factories.people import World, acting, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


class TestSubmitting:
    def test_the_worked_example_is_frozen_into_the_terms_to_the_cent(self, world):
        booking = submitted(world, pictures=40)
        terms = booking.current_terms
        assert (booking.state, terms.version, terms.fee_minor, terms.total_minor) == ("submitted", 1, 525_000, 799_680)
        split = {(share["kind"], share["reason"]): share["amount_minor"] for share in terms.split}
        assert split == {
            ("talent", "fee"): 420_000,
            ("agency", "commission"): 52_500,
            ("agency", "service"): 105_000,
            ("mother_agency", "commission"): 52_500,
            ("platform", "platform"): 42_000,
            ("vat", "vat"): 127_680,
        }
        assert sum(split.values()) == terms.total_minor

    def test_the_plan_of_approvals_is_frozen_at_submission(self, world):
        booking = submitted(world)
        assert (booking.agency, booking.mother_agency) == (world.agency, world.mother)
        assert booking.deadline_at - booking.submitted_at == timedelta(hours=72)

    def test_a_brand_that_was_not_checked_can_prepare_but_not_submit(self, world):
        world.brand.checked_at = None
        world.brand.save()
        with pytest.raises(Refused, match="still being checked"):
            submitted(world)
        assert Booking.objects.get().state == State.DRAFT

    def test_a_brief_of_a_hundred_thousand_characters_is_refused_with_its_field(self, world):
        booking = draft(world)
        with pytest.raises(InvalidInput, match="at most 4,000") as caught:
            compose.save_look(
                by=world.producer.actor, booking=booking, title="x", scene="block", brief="x" * 100_000, pictures=1
            )
        assert caught.value.field == "brief"

    @pytest.mark.parametrize("pictures", [0, -5, 10**9])
    def test_absurd_numbers_of_pictures_are_refused_with_their_field(self, world, pictures):
        with pytest.raises(InvalidInput) as caught:
            draft(world, pictures=pictures)
        assert caught.value.field == "pictures"

    def test_a_window_in_the_past_is_refused_with_its_field(self, world):
        with pytest.raises(InvalidInput, match="past") as caught:
            draft(world, starts_on=date(2020, 1, 1))
        assert caught.value.field == "starts_on"

    def test_another_brand_cannot_touch_the_draft(self, world):
        with pytest.raises(NotAllowed):
            compose.submit(by=world.rival_producer.actor, booking=draft(world))


class TestWhatStandsAgainstABooking:
    def kinds(self, booking) -> list[str]:
        return [warning.kind for warning in standing_against(booking)]

    def test_a_barred_category_is_a_boundary(self, world):
        world.talent.boundaries.barred_categories = ["lingerie"]
        world.talent.boundaries.save()
        booking = draft(world, category="lingerie")
        assert self.kinds(booking) == ["boundary"]
        with pytest.raises(Refused, match="not available for lingerie"):
            compose.submit(by=world.producer.actor, booking=booking)

    def test_a_barred_brand_hears_no_reason(self, world):
        world.talent.boundaries.barred_brands.add(world.brand)
        [warning] = standing_against(draft(world))
        assert warning.message == "Maya Okafor is not available for your brand."

    def test_a_withdrawn_consent_and_a_paused_twin_stand_against_it(self, world):
        booking = draft(world)
        withdraw(by=world.maya.actor, consent=Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH))
        assert self.kinds(booking) == ["consent"]
        pause(by=world.maya.actor, twin=world.twin)
        booking = Booking.objects.with_parties().get(pk=booking.pk)
        assert self.kinds(booking) == ["consent", "consent"]

    def test_an_outside_commitment_blocks_like_our_own_exclusivity(self, world):
        today = timezone.now().date()
        OutsideCommitment.objects.create(
            talent=world.talent, entered_by=world.agency.party, category="fashion", territories=["DE"],
            window=(today, today + timedelta(days=30)),
        )  # fmt: skip
        assert self.kinds(draft(world)) == ["exclusivity"]
        assert self.kinds(draft(world, territories=["FR"])) == []
        assert self.kinds(draft(world, category="beauty")) == []

    def test_a_mandate_that_does_not_cover_twins_stands_against_it(self, world):
        world.talent.mandates.update(covers_twins=False)
        assert self.kinds(draft(world)) == ["mandate"]

    def test_without_any_mandate_only_the_model_answers_and_nobody_takes_a_commission(self, world):
        world.talent.mandates.all().delete()
        booking = submitted(world)
        assert booking.agency is None
        assert {share["kind"] for share in booking.current_terms.split} == {"talent", "platform", "vat"}
        assert answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes").state == State.AGREED


class TestSealedAnswers:
    def test_both_open_together_and_the_booking_is_agreed(self, world):
        booking = submitted(world)
        booking = answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        assert booking.state == State.SUBMITTED
        assert not Approval.objects.filter(opened_at__isnull=False).exists()
        booking = answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
        assert booking.state == State.AGREED
        assert Approval.objects.filter(opened_at__isnull=False).count() == 2

    def test_her_yes_signs_the_deal_memo_of_that_version(self, world):
        """New York Fashion Workers Act: deal memo before work in the model's language, signed in person."""
        booking = agreed(world)
        signature = Approval.objects.get(side="talent").signature
        assert signature.text == booking.current_terms.memo_text
        assert signature.text_sha256 == booking.current_terms.memo_sha256
        assert signature.signer == world.maya.user.pk

    def test_the_chain_does_not_tell_what_was_sealed(self, world):
        booking = submitted(world)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="no", reason="not this brand")
        texts = "".join(Event.objects.values_list("payload__body", flat=True))
        assert "not this brand" not in texts
        assert '"no"' not in texts

    def test_a_yes_needs_a_fresh_sign_in(self, world):
        stale = acting(world.maya.user, world.talent.party, "talent", world.maya.actor.permissions, stepped_up=False)
        with pytest.raises(StepUpNeeded):
            answers.answer(by=stale, booking=submitted(world), version=1, answer="yes")

    @pytest.mark.parametrize("who", ["producer", "rival_producer", "other_model", "other_booker", "mother_booker"])
    def test_nobody_else_answers(self, world, who):
        with pytest.raises(NotAllowed):
            answers.answer(by=getattr(world, who).actor, booking=submitted(world), version=1, answer="yes")

    def test_nobody_signs_for_her_not_even_the_system(self, world):
        with pytest.raises(NotAllowed):
            answers.answer(by=Actor.SYSTEM, booking=submitted(world), version=1, answer="yes")

    def test_an_old_page_cannot_answer_a_new_version(self, world):
        with pytest.raises(StaleState, match="terms changed"):
            answers.answer(by=world.maya.actor, booking=submitted(world), version=7, answer="yes")

    def test_one_answer_per_side(self, world):
        booking = submitted(world)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="no")
        with pytest.raises(StaleState, match="already answered"):
            answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")

    def test_a_no_takes_effect_when_its_ten_minutes_are_over(self, world):
        booking = submitted(world)
        booking = answers.answer(by=world.maya.actor, booking=booking, version=1, answer="no")
        assert answers.settle_answers(booking=booking).state == State.SUBMITTED
        Approval.objects.update(counts_from=timezone.now() - timedelta(seconds=1))
        assert answers.settle_answers(booking=booking).state == State.DECLINED

    def test_a_yes_can_be_taken_back_for_ten_minutes_and_gives_the_rights_back(self, world):
        booking = agreed(world)
        assert RightsSlot.objects.filter(released_at__isnull=True).count() == 1
        booking = answers.take_back(by=world.maya.actor, booking=booking)
        assert booking.state == State.SUBMITTED
        assert not RightsSlot.objects.filter(released_at__isnull=True).exists()

    def test_after_ten_minutes_it_stands(self, world):
        booking = agreed(world)
        Approval.objects.update(answered_at=timezone.now() - timedelta(minutes=11))
        with pytest.raises(StaleState, match="ten minutes"):
            answers.take_back(by=world.maya.actor, booking=booking)


class TestExclusivity:
    def test_it_binds_from_agreed_and_refuses_the_next_brand(self, world):
        agreed(world, exclusivity="category")
        with pytest.raises(Refused, match="exclusivity stands against"):
            submitted(world, brand="rival_producer")

    def test_submissions_do_not_exclude_one_another_but_one_agreement_wins(self, world):
        first, second = submitted(world, exclusivity="category"), submitted(world, brand="rival_producer")
        for booking in (first, second):
            answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        assert answers.answer(by=world.maya.actor, booking=first, version=1, answer="yes").state == State.AGREED
        with pytest.raises(Refused):
            answers.answer(by=world.maya.actor, booking=second, version=1, answer="yes")

    def test_plain_licences_live_beside_each_other(self, world):
        assert agreed(world).state == agreed(world, brand="rival_producer").state == State.AGREED

    def test_another_category_or_territory_is_free(self, world):
        agreed(world, exclusivity="category")
        assert agreed(world, brand="rival_producer", category="beauty").state == State.AGREED
        assert agreed(world, brand="rival_producer", territories=["FR"]).state == State.AGREED

    def test_full_exclusivity_takes_every_category(self, world):
        agreed(world, exclusivity="full")
        with pytest.raises(Refused):
            submitted(world, brand="rival_producer", category="beauty")
