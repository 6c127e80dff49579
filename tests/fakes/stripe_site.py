"""Both sides of a payment in one process: the payer at the stand-in's page, the worker, and what may go wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.test import Client

from apps.accounts.actor import Actor
from apps.integrations.stripe.client import gateway
from apps.integrations.stripe.errors import OutcomeUnknown
from apps.ledger.services import audit, balance
from apps.payments import services, waiting
from apps.payments.errors import NotSettledYet
from apps.payments.events import charge_paid
from apps.payments.models import Charge, Op, StripeEvent
from apps.sandbox import happenings, webhooks
from apps.sandbox.models import Delivery, Fault

BRAND = "org:5f0c8a3e-6f0c-4b58-9c54-6f1d2f3a4b5c"
SHOES = "booking:11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True)
class Price:
    """The worked example of the price: 6,720.00 net and 19 % VAT."""

    held: int = 672_000
    vat: int = 127_680

    @property
    def total(self) -> int:
        return self.held + self.vat


PRICE = Price()
STRIPE = Client()
# What a worker may meet while it settles a charge that it looked at of its own accord; it looks again later.
EXPECTED = (OutcomeUnknown, NotSettledYet)


def nobody_listens() -> Iterator[None]:
    """A fixture's body: the apps above do not know the bookings of these tests."""
    receivers, charge_paid.receivers = charge_paid.receivers, []
    charge_paid.sender_receivers_cache.clear()
    yield
    charge_paid.receivers = receivers
    charge_paid.sender_receivers_cache.clear()


def ask(ref: str = SHOES, *, price: Price = PRICE) -> Charge:
    """The brand opens the payment page for one booking."""
    return services.start_checkout(
        by=Actor.SYSTEM,
        charge_ref=ref,
        payer=BRAND,
        amount_minor=price.total,
        held_minor=price.held,
        vat_minor=price.vat,
        vat_country="DE",
        currency="EUR",
        description="40 pictures of Amara for the autumn shoes",
        success_url="http://testserver/bookings/1/paid/?session={CHECKOUT_SESSION_ID}",
        cancel_url="http://testserver/bookings/1/",
    )


def pay(charge: Charge) -> None:
    happenings.pay(charge.session_id, card=happenings.GOOD_CARD)


def paid(ref: str = SHOES, *, price: Price = PRICE) -> Charge:
    """A charge that was asked, paid, found paid and announced, the webhooks long past."""
    charge = ask(ref, price=price)
    pay(charge)
    services.settle(charge)
    services.announce(charge_id=charge.pk)
    Delivery.objects.all().delete()
    charge.refresh_from_db()
    return charge


def give_back(ref: str = SHOES, *, held: int, vat: int) -> Op:
    return services.refund(
        by=Actor.SYSTEM,
        charge_ref=ref,
        amount_minor=held + vat,
        held_minor=held,
        vat_minor=vat,
        reason="the twin was paused",
    )


def pending() -> list[Delivery]:
    return list(Delivery.objects.filter(delivered_at=None).select_related("event").order_by("pk"))


def deliver(deliveries: Iterable[Delivery]) -> None:
    """The webhooks reach the site in this order."""
    for delivery in deliveries:
        body, headers = webhooks.signed(delivery.event)
        assert post_webhook(body, headers["Stripe-Signature"], thin=webhooks.is_thin(delivery.event)) == 200
        Delivery.objects.filter(pk=delivery.pk).update(delivered_at=delivery.due_at)


def post_webhook(body: bytes, signature: str, *, thin: bool = False) -> int:
    address = "/hooks/stripe/thin/" if thin else "/hooks/stripe/"
    answer = STRIPE.post(address, data=body, content_type="application/json", headers={"Stripe-Signature": signature})
    return answer.status_code


def fault(kind: Fault.Kind, target: str, *, times: int = 1) -> None:
    Fault.objects.create(kind=kind, target=target, remaining=times)


def work() -> None:
    """A worker that reads every message once."""
    for event_id in _all(StripeEvent.objects.filter(done_at=None)):
        services.process_event(event_id=event_id)
    for op_id in _all(Op.objects.filter(state=Op.State.OPEN)):
        services.run_op(op_id=op_id)
    for charge_id in _all(Charge.objects.filter(announced_at=None)):
        services.announce(charge_id=charge_id)


def sweep() -> None:
    """What beat finds once every wait is over, messages and webhooks lost."""
    StripeEvent.objects.update(due_at="2000-01-01T00:00Z")
    Op.objects.update(due_at="2000-01-01T00:00Z")
    Charge.objects.update(looked_at=None)
    for event_id in list(waiting.events()):
        services.process_event(event_id=event_id)
    for charge_id in list(waiting.take_unpaid()):
        services.settle(Charge.objects.get(pk=charge_id))
    for op_id in list(waiting.ops()):
        services.run_op(op_id=op_id)
    for charge_id in _all(Charge.objects.exclude(state__in=Charge.UNPAID).filter(announced_at=None)):
        services.announce(charge_id=charge_id)


def assert_books_agree() -> None:
    """The ledger is balanced, and its Stripe account is what Stripe says it holds."""
    report = audit()
    assert report.balanced and not report.differences, report.differences
    assert balance("stripe", "EUR") == gateway().balance().get("EUR", 0)


def _all(rows: "QuerySet[Any]") -> list[UUID]:
    return list(rows.values_list("pk", flat=True))
