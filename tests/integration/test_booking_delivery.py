"""From the payment to the licence: the model first, then the brand, then the money to the cent."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.bookings.models import Booking, Deliverable, Download, Licence, Review
from apps.bookings.services import answers, closing, delivery, labelling, making, payment, review
from apps.bookings.states import State
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.consents.models import Consent, Purpose
from apps.consents.services import grant, withdraw
from apps.generation.models import Job, Voucher
from apps.ledger.services import audit, balance
from apps.media.services import read
from apps.payments import services as payments
from apps.payments.models import Charge
from apps.provenance.services import find
from apps.twins.services import pause, resume
from tests.factories import bookings as make
from tests.factories.people import World, make_world
from tests.fakes import stripe_site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


def pictures_of(booking: Booking) -> list[Review]:
    return list(Review.objects.filter(booking=booking).select_related("booking__twin__talent", "look"))


def refunded(booking: Booking) -> int:
    return Charge.objects.get(ref=booking.ref).promised_minor


class TestPayment:
    def test_a_captured_payment_funds_the_booking_and_freezes_the_royalties(self, world):
        booking = make.funded(world, pictures=40)
        assert booking.state == State.FUNDED
        assert balance(f"held:{booking.ref}", "EUR") == -672_000
        assert balance("vat:DE", "EUR") == -127_680

    def test_hearing_of_the_payment_twice_changes_nothing(self, world):
        booking = make.funded(world)
        charge = Charge.objects.get(ref=booking.ref)
        assert payment.fund(booking=booking, charge=charge).state == State.FUNDED
        assert booking.transitions.filter(action="fund").count() == 1

    def test_money_for_a_booking_that_was_cancelled_meanwhile_goes_back_whole(self, world):
        booking = make.agreed(world)
        charge = payment.checkout(by=world.producer.actor, booking=booking)
        closing.cancel(by=world.producer.actor, booking=booking)
        stripe_site.pay(charge)
        payments.settle(charge)
        payments.announce(charge_id=charge.pk)
        assert make.fresh(booking).state == State.CANCELLED
        assert refunded(booking) == charge.amount_minor

    def test_a_yes_cannot_be_taken_back_once_it_is_paid(self, world):
        with pytest.raises(StaleState):
            answers.take_back(by=world.maya.actor, booking=make.funded(world))


class TestMaking:
    def test_no_voucher_no_job_and_one_job_for_each_picture(self, world):
        booking = make.generating(world, pictures=3)
        voucher = Voucher.objects.get(subject=booking.ref)
        assert (booking.state, voucher.pictures, voucher.candidates) == (State.GENERATING, 3, 9)
        assert Job.objects.of_booking(booking.ref).count() == 3

    def test_starting_twice_issues_one_voucher(self, world):
        booking = make.generating(world)
        making.start_making(booking=booking)
        assert Voucher.objects.filter(subject=booking.ref).count() == 1
        assert Job.objects.of_booking(booking.ref).count() == 2

    def test_a_checked_candidate_goes_to_the_model_and_only_once(self, world):
        booking = make.generating(world)
        candidate = make.make_candidate(Job.objects.of_booking(booking.ref).first())
        making.receive_candidate(candidate=candidate)
        making.receive_candidate(candidate=candidate)
        assert [picture.decision for picture in pictures_of(booking)] == ["waiting"]
        assert make.fresh(booking).state == State.IN_REVIEW

    def test_pausing_the_twin_holds_the_booking_and_resuming_goes_on(self, world):
        booking = make.generating(world)
        pause(by=world.maya.actor, twin=world.twin)
        assert make.fresh(booking).state == State.ON_HOLD
        world.twin.refresh_from_db()
        resume(by=world.maya.actor, twin=world.twin)
        assert make.fresh(booking).state == State.GENERATING

    def test_withdrawing_publish_holds_the_booking(self, world):
        booking = make.in_review(world)
        withdraw(by=world.maya.actor, consent=Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH))
        assert make.fresh(booking).state == State.ON_HOLD

    @pytest.mark.parametrize("purpose", [Purpose.GENERATE, Purpose.PUBLISH])
    def test_given_again_the_booking_goes_on_by_itself(self, world, purpose):
        booking = make.in_review(world)
        withdraw(by=world.maya.actor, consent=Consent.objects.get(talent=world.talent, purpose=purpose))
        grant(
            by=world.maya.actor, talent=world.talent, purpose=purpose, scope="My face", rate_of_pay="As quoted",
            intended_uses=["Campaigns"], ends_at=timezone.now() + timedelta(days=100),
        )  # fmt: skip
        assert make.fresh(booking).state == State.IN_REVIEW


class TestReview:
    def test_the_brand_cannot_take_a_picture_she_has_not_passed(self, world):
        picture = pictures_of(make.in_review(world))[0]
        with pytest.raises(NotAllowed, match="passed"):
            review.select(by=world.producer.actor, review=picture, chosen=True)

    @pytest.mark.parametrize("who", ["producer", "booker", "other_model", "mother_booker"])
    def test_nobody_but_she_decides(self, world, who):
        picture = pictures_of(make.in_review(world))[0]
        with pytest.raises(NotAllowed):
            review.decide(by=getattr(world, who).actor, review=picture, passed=True)

    def test_a_rejected_picture_is_made_again_within_the_voucher(self, world):
        booking = make.in_review(world, pictures=1)
        review.decide(by=world.maya.actor, review=pictures_of(booking)[0], passed=False, reason="my hands")
        assert Job.objects.of_booking(booking.ref).open().count() == 1

    def test_she_decides_once(self, world):
        picture = pictures_of(make.in_review(world))[0]
        review.decide(by=world.maya.actor, review=picture, passed=True)
        with pytest.raises(StaleState):
            review.decide(by=world.maya.actor, review=picture, passed=False)

    def test_never_more_than_were_ordered(self, world):
        booking = make.chosen(world, pictures=1)
        review.ask_another(by=world.producer.actor, look=booking.looks.get())
        making.receive_candidate(candidate=make.make_candidate(Job.objects.of_booking(booking.ref).open().get()))
        extra = Review.objects.get(booking=booking, decision="waiting")
        review.decide(by=world.maya.actor, review=extra, passed=True)
        with pytest.raises(Refused, match="You ordered 1"):
            review.select(by=world.producer.actor, review=extra, chosen=True)

    def test_asking_stops_at_the_voucher(self, world):
        booking = make.in_review(world, pictures=1)
        for _ in range(2):
            review.ask_another(by=world.producer.actor, look=booking.looks.get())
        with pytest.raises(Refused, match="used"):
            review.ask_another(by=world.producer.actor, look=booking.looks.get())

    def test_finishing_with_nothing_chosen_is_refused(self, world):
        with pytest.raises(InvalidInput):
            review.finish(by=world.producer.actor, booking=make.in_review(world))


class TestDelivery:
    def delivered(self, world, **fields) -> Booking:
        booking = make.chosen(world, **fields)
        review.finish(by=world.producer.actor, booking=booking)
        return make.fresh(delivery.release_selected(booking=make.fresh(booking)))

    def test_the_worked_example_reaches_every_party_to_the_cent(self, world):
        """The brand chooses one of forty: what it did not choose is no reason to pay less."""
        booking = make.generating(world, pictures=40)
        making.receive_candidate(candidate=make.make_candidate(Job.objects.of_booking(booking.ref).first()))
        review.decide(by=world.maya.actor, review=pictures_of(booking)[0], passed=True)
        review.select(by=world.producer.actor, review=pictures_of(booking)[0], chosen=True)
        review.finish(by=world.producer.actor, booking=booking)
        booking = make.fresh(delivery.release_selected(booking=make.fresh(booking)))
        assert booking.state == State.DELIVERED
        assert balance(f"held:{booking.ref}", "EUR") == 0
        assert balance(f"payable:{world.talent.party}", "EUR") == -420_000
        assert balance(f"payable:{world.agency.party}", "EUR") == -157_500
        assert balance(f"payable:{world.mother.party}", "EUR") == -52_500
        assert balance("platform:fees", "EUR") == -42_000
        assert balance("vat:DE", "EUR") == -127_680
        assert audit().balanced

    def test_every_file_is_labelled_registered_and_private(self, world):
        booking = self.delivered(world)
        for deliverable in Deliverable.objects.filter(licence__booking=booking):
            data = read(deliverable.file)
            assert hashlib.sha256(data).hexdigest() == deliverable.sha256
            assert find(deliverable.sha256) == deliverable.ref
            assert b"compositeWithTrainedAlgorithmicMedia" in data

    def test_delivering_twice_makes_nothing_twice(self, world):
        booking = self.delivered(world)
        delivery.release_selected(booking=booking)
        assert Deliverable.objects.count() == 2
        assert booking.transitions.filter(action="deliver").count() == 1

    def test_the_licence_runs_from_delivery_both_days_inclusive(self, world):
        licence = self.delivered(world).licence
        assert licence.state == Licence.State.ACTIVE
        assert licence.starts_on == timezone.now().date()
        assert licence.runs_on(licence.ends_on) and not licence.runs_on(licence.ends_on + timedelta(days=1))

    def test_every_download_is_logged_and_an_expired_licence_blocks_it(self, world):
        deliverable = Deliverable.objects.select_related("licence").get(
            licence__booking=self.delivered(world, pictures=1)
        )
        labelling.choose_label(
            by=world.producer.actor, licence=deliverable.licence, territory="DE", channel="ecommerce"
        )
        deliverable.licence.label_choices.update(label=deliverable.label)
        url = delivery.hand_over(by=world.producer.actor, deliverable=deliverable, address="192.0.2.7")
        assert url.startswith("/files/")
        assert Download.objects.get().address == "192.0.2.7"
        yesterday = timezone.now().date() - timedelta(days=1)
        Licence.objects.update(starts_on=yesterday, ends_on=yesterday)
        deliverable.licence.refresh_from_db()
        with pytest.raises(Refused, match="runs from"):
            delivery.hand_over(by=world.producer.actor, deliverable=deliverable, address="192.0.2.7")

    @pytest.mark.parametrize("who", ["rival_producer", "maya", "booker"])
    def test_nobody_but_the_brand_downloads(self, world, who):
        deliverable = Deliverable.objects.filter(licence__booking=self.delivered(world)).first()
        with pytest.raises(NotAllowed):
            delivery.hand_over(by=getattr(world, who).actor, deliverable=deliverable, address="")

    def test_pictures_the_model_withheld_are_credited_and_pictures_the_brand_left_are_not(self, world):
        booking = make.in_review(world, pictures=2)
        first, second = pictures_of(booking)
        review.decide(by=world.maya.actor, review=first, passed=True)
        review.decide(by=world.maya.actor, review=second, passed=False)
        while open_jobs := list(Job.objects.of_booking(booking.ref).open()):
            making.receive_candidate(candidate=make.make_candidate(open_jobs[0]))
            waiting = Review.objects.select_related("booking__twin__talent", "look").get(decision="waiting")
            review.decide(by=world.maya.actor, review=waiting, passed=False)
        first.refresh_from_db()
        review.select(by=world.producer.actor, review=first, chosen=True)
        review.finish(by=world.producer.actor, booking=booking)
        booking = make.fresh(delivery.release_selected(booking=make.fresh(booking)))
        assert booking.state == State.DELIVERED
        assert refunded(booking) == booking.current_terms.total_minor // 2
        assert audit().balanced


class TestClosing:
    def test_cancelled_before_anything_was_made_a_quarter_of_the_session_stays(self, world):
        booking = make.funded(world, pictures=40)
        booking = closing.cancel(by=world.producer.actor, booking=booking)
        # S 2,250.00: 562.50 stays, service 112.50, platform 45.00, VAT 19 % of 720.00 is 136.80
        assert refunded(booking) == 799_680 - (56_250 + 11_250 + 4_500 + 13_680)
        assert booking.state == State.CANCELLED and audit().balanced

    def test_cancelled_after_the_brand_saw_a_picture_the_session_stays(self, world):
        booking = make.in_review(world, pictures=1)
        review.decide(by=world.maya.actor, review=pictures_of(booking)[0], passed=True)
        closing.cancel(by=world.producer.actor, booking=booking)
        # S 1,500.00 + 300.00 + 120.00 + VAT 364.80
        assert Charge.objects.get(ref=booking.ref).amount_minor - refunded(booking) == 228_480

    def test_fourteen_days_on_hold_refund_everything(self, world):
        booking = make.generating(world)
        pause(by=world.maya.actor, twin=world.twin)
        Booking.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
        booking = closing.cancel_held(booking=booking)
        assert booking.state == State.CANCELLED
        assert refunded(booking) == booking.current_terms.total_minor

    def test_everything_rejected_refunds_everything(self, world):
        booking = make.in_review(world, pictures=1)
        for _ in range(3):
            waiting = Review.objects.select_related("booking__twin__talent", "look").get(decision="waiting")
            review.decide(by=world.maya.actor, review=waiting, passed=False)
            for job in list(Job.objects.of_booking(booking.ref).open()):
                making.receive_candidate(candidate=make.make_candidate(job))
        booking = make.fresh(booking)
        assert booking.state == State.CLOSED_UNDELIVERED
        assert refunded(booking) == booking.current_terms.total_minor
        assert not Voucher.objects.filter(state="active").exists()

    def test_silence_ends_a_request(self, world):
        booking = make.submitted(world)
        assert closing.expire(booking=booking).state == State.SUBMITTED
        Booking.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
        assert closing.expire(booking=booking).state == State.EXPIRED
