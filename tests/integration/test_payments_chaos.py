"""Payments and refunds while Stripe and the network do their worst, at random and repeatable by the seed."""

import os
import random
from contextlib import suppress

import pytest

from apps.ledger.models import Journal
from apps.payments.errors import PaymentUnavailable
from apps.payments.models import Charge, Op, StripeEvent
from apps.sandbox.models import CheckoutSession, Fault, Refund
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
quiet = pytest.fixture(autouse=True)(site.nobody_listens)
RUNS = int(os.environ.get("CHAOS_RUNS", "10"))
CALLS = [
    "POST /v1/checkout/sessions",
    "GET /v1/checkout/sessions",
    "GET /v1/payment_intents",
    "GET /v1/charges",
    "GET /v1/balance_transactions",
    "POST /v1/refunds",
    "GET /v1/refunds",
]
OF_CALLS = ["lost_request", "lost_answer", "fails_before", "fails_after", "busy"]
OF_EVENTS = ["lost_event", "double_event"]
REFUNDS = [(100_000, 19_000), (72_000, 13_680), (1, 0)]


@pytest.mark.parametrize("seed", range(RUNS))
def test_whatever_goes_wrong_each_payment_and_refund_happens_once(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 8)):
        site.fault(Fault.Kind(chance.choice(OF_CALLS)), chance.choice(CALLS), times=chance.randint(1, 2))
    for _ in range(chance.randint(0, 3)):
        site.fault(Fault.Kind(chance.choice(OF_EVENTS)), chance.choice(["", "charge", "checkout", "refund"]))

    charge = _open(seed)
    site.pay(charge)
    _shake(chance)
    _settle_down()
    for held, vat in REFUNDS:
        site.give_back(held=held, vat=vat)
        _shake(chance)
    _settle_down()

    charge.refresh_from_db()
    assert charge.refunded_minor == charge.promised_minor == sum(held + vat for held, vat in REFUNDS)
    assert charge.problem == ""
    assert CheckoutSession.objects.filter(status=CheckoutSession.Status.COMPLETE).count() == 1
    assert Refund.objects.count() == len(REFUNDS)
    assert Journal.objects.count() == 1 + len(REFUNDS)
    site.assert_books_agree()


def _open(seed: int) -> Charge:
    """The brand presses "pay" until a page opens."""
    for _ in range(20):
        with suppress(PaymentUnavailable):
            return site.ask()
    pytest.fail(f"no page with seed {seed}")


def _shake(chance: random.Random) -> None:
    """Some webhooks arrive, in any order and more than once; workers wake up now and then."""
    told = site.pending() * chance.randint(1, 3)
    chance.shuffle(told)
    for delivery in told:
        if chance.random() < 0.7:
            site.deliver([delivery])
        if chance.random() < 0.4:
            site.work()


def _settle_down() -> None:
    """The faults are used up in the end, and the sweeps go on."""
    for _ in range(40):
        with suppress(*site.EXPECTED):
            site.sweep()
        waiting = StripeEvent.objects.filter(done_at=None).exists() or Op.objects.filter(state=Op.State.OPEN).exists()
        if not waiting and not Charge.objects.filter(announced_at=None).exists():
            return
    pytest.fail("the sweeps never came to an end")
