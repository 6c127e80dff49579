"""What a brand sees of its bookings: everything it needs, and never who said no."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Booking
from apps.bookings.services import answers, closing, review
from apps.bookings.states import State
from apps.payments.models import Charge
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def jonas(world: World) -> Client:
    return signed_in(world.producer)


def page(booking: Booking) -> str:
    return reverse("booking", args=[booking.pk])


class TestList:
    def test_without_bookings_the_page_says_what_to_do_next(self, jonas):
        html = jonas.get(reverse("bookings")).content.decode()
        assert "No bookings yet" in html and reverse("twins") in html

    def test_a_brand_sees_its_own_bookings_and_only_those(self, world, jonas):
        mine, theirs = make.submitted(world), make.submitted(world, brand="rival_producer")
        html = jonas.get(reverse("bookings")).content.decode()
        assert page(mine) in html and page(theirs) not in html

    def test_each_state_has_its_tab_and_an_unknown_one_shows_what_runs(self, world, jonas):
        running, draft = make.submitted(world), make.draft(world)
        drafts = jonas.get(reverse("bookings"), {"view": "drafts"}).content.decode()
        assert page(draft) in drafts and page(running) not in drafts
        assert page(running) in jonas.get(reverse("bookings"), {"view": "<b>", "page": "x"}).content.decode()

    def test_the_questions_to_the_database_do_not_grow_with_the_rows(self, world, jonas):
        few, many = with_few_and_many(jonas, reverse("bookings"), lambda _: make.submitted(world))
        assert few == many

    def test_strangers_sign_in_first_and_models_have_another_page(self, world):
        assert reverse("account_login") in Client().get(reverse("bookings")).headers["Location"]
        assert signed_in(world.maya).get(reverse("bookings")).status_code == 403


class TestPage:
    def test_a_foreign_booking_looks_exactly_like_one_that_does_not_exist(self, world):
        rival = signed_in(world.rival_producer)
        foreign = rival.get(page(make.submitted(world)))
        missing = rival.get(reverse("booking", args=["00000000-0000-4000-8000-000000000000"]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert len(foreign.content) == len(missing.content)

    def test_model_and_agency_are_led_to_their_own_page(self, world):
        booking = make.submitted(world)
        for person in (world.maya, world.booker, world.mother_booker):
            assert signed_in(person).get(page(booking)).headers["Location"] == reverse("request", args=[booking.pk])

    @pytest.mark.parametrize("who", ["maya", "booker"])
    def test_a_no_shows_as_not_available_and_says_neither_who_nor_why(self, world, jonas, who):
        booking = make.submitted(world)
        person = getattr(world, who)
        answers.answer(by=person.actor, booking=booking, version=1, answer="no", reason="their fur last year")
        waiting = jonas.get(page(booking)).content.decode()
        assert "Waiting for answers" in waiting and "fur last year" not in waiting
        booking.terms.get().approvals.update(counts_from=timezone.now() - timedelta(minutes=1))
        answers.settle_answers(booking=booking)
        declined = jonas.get(page(booking)).content.decode()
        assert "Not available" in declined
        for secret in ("fur last year", "said no", "Declined", "declined"):
            assert secret not in declined

    def test_one_sealed_yes_does_not_show(self, world, jonas):
        booking = make.submitted(world)
        before = jonas.get(page(booking)).content
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
        after = jonas.get(page(booking)).content
        assert len(before) == len(after)

    def test_the_page_asks_for_news_only_while_something_moves(self, world, jonas):
        address = reverse("booking_progress", args=[make.submitted(world).pk])
        assert b"hx-trigger" not in jonas.get(address, headers={"HX-Request": "true"}).content
        moving = reverse("booking_progress", args=[make.generating(world).pk])
        html = jonas.get(moving, headers={"HX-Request": "true"}).content.decode()
        assert "load delay:2s" in html and "<progress" in html and "2 being made" in html

    def test_looking_at_a_page_never_moves_anything(self, world, jonas):
        booking = make.agreed(world)
        for name in ("booking_cancel", "checkout", "select_finish"):
            assert jonas.get(reverse(name, args=[booking.pk])).status_code == 405
        assert make.fresh(booking).state == State.AGREED


class TestPaying:
    def test_paying_leads_to_the_hosted_page_with_the_agreed_amount(self, world, jonas):
        booking = make.agreed(world, pictures=40)
        assert b"Pay \xe2\x82\xac7,996.80" in jonas.get(page(booking)).content
        answer = jonas.post(reverse("checkout", args=[booking.pk]))
        charge = Charge.objects.get(ref=booking.ref)
        assert answer.headers["Location"] == charge.checkout_url
        assert charge.amount_minor == 799_680

    def test_the_return_page_waits_and_then_gives_up_waiting(self, world, jonas):
        address = reverse("checkout_return", args=[make.agreed(world).pk])
        assert b"?tries=89" in jonas.get(address).content
        assert b"hx-trigger" not in jonas.get(address, {"tries": "1"}).content
        assert b"?tries=89" in jonas.get(address, {"tries": "-5; drop"}).content

    def test_the_return_page_says_paid_only_when_the_money_is_there(self, world, jonas):
        address = reverse("checkout_return", args=[make.agreed(world).pk])
        assert b"Paid. Thank you" not in jonas.get(address).content
        paid = jonas.get(reverse("checkout_return", args=[make.funded(world).pk])).content
        assert b"Paid. Thank you" in paid and b"hx-trigger" not in paid

    def test_a_booking_that_closed_meanwhile_cannot_be_paid(self, world, jonas):
        booking = make.agreed(world)
        closing.cancel(by=world.producer.actor, booking=booking)
        answer = jonas.post(reverse("checkout", args=[booking.pk]))
        assert answer.status_code == 409 and not Charge.objects.exists()

    def test_who_may_not_pay_finds_no_button(self, world):
        viewer = signed_in(make_member(world.brand, "viewer", "ada"))
        booking = make.agreed(world)
        assert b"Pay \xe2\x82\xac" not in viewer.get(page(booking)).content
        assert viewer.post(reverse("checkout", args=[booking.pk])).status_code == 403


class TestCancelling:
    def test_before_the_payment_nothing_is_owed(self, world, jonas):
        booking = make.agreed(world)
        assert b"nothing is owed" in jonas.get(page(booking)).content
        jonas.post(reverse("booking_cancel", args=[booking.pk]))
        assert make.fresh(booking).state == State.CANCELLED

    def test_the_dialog_tells_what_stays_before_it_is_pressed(self, world, jonas):
        booking = make.in_review(world)
        assert b"a quarter of the session fee stays" in jonas.get(page(booking)).content
        review.decide(by=world.maya.actor, review=booking.reviews.first(), passed=True)
        assert b"the session fee stays" in jonas.get(page(booking)).content

    def test_cancelling_twice_shows_the_page_as_it_is_now(self, world, jonas):
        booking = make.submitted(world)
        jonas.post(reverse("booking_cancel", args=[booking.pk]))
        again = jonas.post(reverse("booking_cancel", args=[booking.pk]))
        assert again.status_code == 409 and b"Cancelled" in again.content
