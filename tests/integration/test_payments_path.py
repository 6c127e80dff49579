"""The way of one payment: from the open page to the ledger, also when something on the way gets lost."""

import pytest
from django.db import transaction
from django.utils import timezone

from apps.common.errors import InvalidInput, Refused
from apps.ledger.models import Journal
from apps.ledger.services import balance
from apps.payments import services
from apps.payments.errors import PaymentUnavailable
from apps.payments.events import charge_paid
from apps.payments.models import Charge, StripeEvent
from apps.payments.selectors import is_paid
from apps.payments.services.announcements import NotEverybodyHeard
from apps.sandbox import happenings
from apps.sandbox.models import CheckoutSession, Fault, PaymentIntent
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
quiet = pytest.fixture(autouse=True)(site.nobody_listens)
CHECKOUT = "POST /v1/checkout/sessions"


def test_a_paid_booking_is_held_for_its_parties_and_vat_is_owed() -> None:
    charge = site.ask()
    site.pay(charge)
    site.deliver(site.pending())
    site.work()

    charge.refresh_from_db()
    assert charge.state == Charge.State.PAID
    assert charge.announced_at is not None
    assert is_paid(site.SHOES)
    assert balance("stripe", "EUR") == 799_680
    assert balance(f"held:{site.SHOES}", "EUR") == -672_000
    assert balance("vat:DE", "EUR") == -127_680
    assert Journal.objects.get().key == f"paid:{charge.payment_intent}"
    assert not StripeEvent.objects.filter(done_at=None).exists()
    site.assert_books_agree()


def test_what_stripe_keeps_is_the_platforms_cost(settings) -> None:
    settings.SANDBOX_FEE_BASIS_POINTS = 150

    charge = site.paid()

    assert charge.fee_minor == 11_995
    assert balance("expense:processing", "EUR") == 11_995
    assert balance("stripe", "EUR") == 799_680 - 11_995
    assert balance(f"held:{site.SHOES}", "EUR") == -672_000
    site.assert_books_agree()


def test_asking_twice_gives_the_same_page() -> None:
    first, second = site.ask(), site.ask()

    assert first.checkout_url == second.checkout_url
    assert CheckoutSession.objects.count() == 1


def test_a_page_whose_answer_got_lost_is_found_again() -> None:
    site.fault(Fault.Kind.LOST_ANSWER, CHECKOUT)
    with pytest.raises(PaymentUnavailable):
        site.ask()

    charge = site.ask()

    assert CheckoutSession.objects.get().id == charge.session_id


@pytest.mark.parametrize("kind", [Fault.Kind.LOST_REQUEST, Fault.Kind.BUSY, Fault.Kind.FAILS_BEFORE])
def test_a_page_that_could_not_be_opened_opens_later(kind: Fault.Kind) -> None:
    site.fault(kind, CHECKOUT)
    for _ in range(2 if kind == Fault.Kind.FAILS_BEFORE else 1):
        with pytest.raises(PaymentUnavailable):
            site.ask()

    assert site.ask().checkout_url


def test_what_was_paid_and_kept_is_not_charged_again_under_other_terms() -> None:
    site.paid()

    with pytest.raises(Refused) as refused:
        site.ask(price=site.Price(held=672_001))
    assert refused.value.code == "already_paid"
    assert Charge.objects.get().replaced_at is None


def test_unpaid_it_is_asked_for_under_other_terms_on_a_page_of_its_own() -> None:
    old = site.ask()

    new = site.ask(price=site.Price(held=672_001))

    assert new.pk != old.pk and new.amount_minor == 799_681
    with pytest.raises(happenings.SessionClosed):
        site.pay(old)
    assert site.ask(price=site.Price(held=672_001)).pk == new.pk


def test_a_paid_booking_cannot_be_paid_again() -> None:
    site.paid()

    with pytest.raises(Refused) as refused:
        site.ask()
    assert refused.value.code == "already_paid"


def test_parts_that_do_not_add_up_are_refused_before_anything_is_kept() -> None:
    with pytest.raises(InvalidInput):
        services.start_checkout(
            by=site.Actor.SYSTEM,
            charge_ref=site.SHOES,
            payer=site.BRAND,
            amount_minor=100,
            held_minor=80,
            vat_minor=19,
            vat_country="DE",
            currency="EUR",
            description="40 pictures",
            success_url="http://testserver/",
            cancel_url="http://testserver/",
        )
    assert not Charge.objects.exists()


@pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)
def test_no_transaction_stays_open_while_stripe_is_asked() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        site.ask()
    assert not CheckoutSession.objects.exists()


def test_an_expired_page_is_followed_by_a_new_one_and_cannot_be_paid() -> None:
    old = site.ask()
    _let_expire(old)

    new = site.ask()

    assert new.attempt == 2
    assert new.session_id != old.session_id
    with pytest.raises(happenings.SessionClosed):
        site.pay(old)
    site.pay(new)
    site.deliver(site.pending())
    site.work()
    new.refresh_from_db()
    assert new.state == Charge.State.PAID
    site.assert_books_agree()


def test_a_page_paid_in_its_last_second_is_not_replaced() -> None:
    charge = site.ask()
    site.pay(charge)
    Charge.objects.update(session_expires_at=timezone.now())

    with pytest.raises(Refused) as refused:
        site.ask()

    assert refused.value.code == "already_paid"
    assert CheckoutSession.objects.count() == 1
    site.assert_books_agree()


def test_an_unpaid_page_is_marked_expired_by_the_sweep() -> None:
    charge = site.ask()
    _let_expire(charge)

    site.sweep()

    charge.refresh_from_db()
    assert charge.state == Charge.State.EXPIRED
    assert not Journal.objects.exists()


def test_a_lost_webhook_only_delays() -> None:
    site.fault(Fault.Kind.LOST_EVENT, "", times=3)
    charge = site.ask()
    site.pay(charge)
    assert site.pending() == []

    site.sweep()

    charge.refresh_from_db()
    assert charge.state == Charge.State.PAID
    assert charge.announced_at is not None
    site.assert_books_agree()


def test_a_declined_card_moves_nothing_and_another_card_pays_on_the_same_page() -> None:
    charge = site.ask()
    with pytest.raises(happenings.CardDeclined):
        happenings.pay(charge.session_id, card="4000000000000002")
    site.deliver(site.pending())
    site.work()
    site.sweep()
    assert not is_paid(site.SHOES)

    site.pay(charge)
    site.deliver(site.pending())
    site.work()

    assert is_paid(site.SHOES)
    assert PaymentIntent.objects.count() == 1
    site.assert_books_agree()


def test_another_amount_than_asked_is_not_booked_but_shown_to_a_person() -> None:
    charge = site.ask()
    CheckoutSession.objects.update(amount=1)
    site.pay(charge)
    site.deliver(site.pending())
    site.work()

    charge.refresh_from_db()
    assert not charge.is_paid
    assert "another amount was received" in charge.problem
    assert not Journal.objects.exists()
    assert StripeEvent.objects.exclude(error="").filter(done_at__isnull=False).exists()


def test_a_payment_of_another_charge_does_not_settle_this_one() -> None:
    mine, other = site.ask(), site.ask("booking:22222222-2222-4222-8222-222222222222")
    site.pay(other)
    Charge.objects.filter(pk=mine.pk).update(session_id=other.session_id)

    services.settle(Charge.objects.get(pk=mine.pk))

    mine.refresh_from_db()
    assert not mine.is_paid
    assert "another charge" in mine.problem


def test_news_of_a_payment_is_repeated_until_everybody_heard_it() -> None:
    heard: list[str] = []

    def bookings(charge: Charge, **_: object) -> None:
        heard.append(charge.ref)
        if len(heard) == 1:
            raise RuntimeError("the booking is locked")

    charge_paid.connect(bookings)
    try:
        with pytest.raises(NotEverybodyHeard):
            site.paid()
        assert Charge.objects.get().announced_at is None
        site.sweep()
        site.sweep()
    finally:
        charge_paid.disconnect(bookings)

    assert heard == [site.SHOES, site.SHOES]
    assert Charge.objects.get().announced_at is not None


def test_an_unpaid_charge_is_never_announced() -> None:
    charge = site.ask()

    services.announce(charge_id=charge.pk)

    charge.refresh_from_db()
    assert charge.announced_at is None


def _let_expire(charge: Charge) -> None:
    CheckoutSession.objects.filter(pk=charge.session_id).update(expires_at=timezone.now())
    Charge.objects.filter(pk=charge.pk).update(session_expires_at=timezone.now())
