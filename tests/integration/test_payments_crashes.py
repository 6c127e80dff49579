"""The process is killed once at every step of opening a page, of a payment and of a refund. Nothing may be lost,
nothing may happen twice, and both sides must agree afterwards."""

import itertools

import pytest

from apps.ledger.models import Journal
from apps.payments import services
from apps.payments.models import Charge, StripeEvent
from apps.payments.models import Refund as Promise
from apps.sandbox.models import CheckoutSession, Fault, Refund
from tests.fakes import stripe_site as site
from tests.fakes.stripe_processes import killed_at

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)
quiet = pytest.fixture(autouse=True)(site.nobody_listens)
# A refactoring that makes the counted steps disappear would make these tests empty.
FEWEST_STEPS = 10


def booking(number: int) -> str:
    return f"booking:{number:08d}-1111-4111-8111-111111111111"


def test_killed_while_the_payment_page_is_opened() -> None:
    for step in itertools.count(1):
        ref = booking(step)
        died = killed_at(step, lambda ref=ref: site.ask(ref))
        charge = site.ask(ref)
        assert CheckoutSession.objects.get(client_reference_id=ref).id == charge.session_id
        if not died:
            break
    assert step > FEWEST_STEPS


def test_killed_while_a_payment_is_taken_in() -> None:
    for step in itertools.count(1):
        charge = site.ask(booking(step))
        site.pay(charge)
        if not killed_at(step, lambda charge=charge: take_in(charge)):
            break
    site.sweep()

    paid = Charge.objects.filter(state=Charge.State.PAID, announced_at__isnull=False)
    assert paid.count() == step
    assert Journal.objects.count() == step
    assert not StripeEvent.objects.filter(done_at=None).exists()
    site.assert_books_agree()
    assert step > FEWEST_STEPS


def take_in(charge: Charge) -> None:
    site.deliver(site.pending()[-1:])
    for event in StripeEvent.objects.filter(charge_hint=str(charge.pk)):
        services.process_event(event_id=event.pk)
    services.announce(charge_id=charge.pk)


def test_killed_while_money_is_sent_back() -> None:
    site.paid()
    for step in itertools.count(1):
        died = killed_at(step, send_back)
        if Promise.objects.count() < step:
            send_back()
        if not died:
            break
    site.sweep()

    assert set(Promise.objects.values_list("state", flat=True)) == {Promise.State.SENT}
    assert Promise.objects.count() == Refund.objects.count() == step
    assert Journal.objects.filter(kind="refund").count() == step
    charge = Charge.objects.get()
    assert charge.promised_minor == charge.refunded_minor == 119 * step
    site.assert_books_agree()
    assert step > FEWEST_STEPS


def send_back() -> None:
    op = site.give_back(held=100, vat=19)
    services.run_op(op_id=op.pk)


def test_without_looking_first_money_would_be_sent_twice(monkeypatch) -> None:
    """What these tests are worth: the harness does see the loss that looking first prevents."""
    site.paid()
    site.fault(Fault.Kind.FAILS_AFTER, "POST /v1/refunds")
    monkeypatch.setattr("apps.integrations.stripe.client.StripeGateway.refunds_of", lambda *_: [])
    site.give_back(held=100, vat=19)
    for _ in range(3):
        site.sweep()

    assert Refund.objects.count() == 2
    with pytest.raises(AssertionError):
        site.assert_books_agree()
