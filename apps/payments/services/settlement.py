"""From "the payer was at Stripe's page" to money in the ledger."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.integrations.stripe.client import StripeGateway, gateway
from apps.integrations.stripe.types import BalanceTransaction, CardCharge, CheckoutSession, PaymentIntent
from apps.ledger.services import Leg, post
from apps.payments import tasks
from apps.payments.errors import Mismatch, NotSettledYet
from apps.payments.models import Charge, StripeEvent
from apps.payments.services.problems import finish, flag


@dataclass(frozen=True)
class Payment:
    """What Stripe says of one payment, each object read from the API."""

    intent: PaymentIntent
    card: CardCharge
    moved: BalanceTransaction


def settle(charge: Charge, *, event: StripeEvent | None = None) -> Charge:
    """Asks Stripe how this charge stands and books it. Exit: paid, expired, or open as before; the event is done.

    Must not be called inside a transaction. Raises NotSettledYet while Stripe is still booking (an event then stays
    open), OutcomeUnknown and Rejected of the client. What does not fit is not booked: `problem` is set for a person.
    """
    if charge.is_paid or not charge.session_id:
        finish(event)
        return charge
    stripe = gateway()
    session = stripe.checkout(charge.session_id)
    if session.status == "complete" and session.paid:
        try:
            payment = _read(stripe, charge, session)
        except Mismatch as error:
            flag(charge, str(error), event=event)
        else:
            _book(charge, payment, event=event)
    elif session.status == "expired":
        _expire(charge, event=event)
    elif event is not None and event.type != "checkout.session.expired":
        raise NotSettledYet(f"session {session.id} is {session.status}")
    charge.refresh_from_db()
    return charge


def _read(stripe: StripeGateway, charge: Charge, session: CheckoutSession) -> Payment:
    intent = stripe.payment_intent(session.payment_intent)
    if intent.status != "succeeded":
        raise NotSettledYet(f"payment intent {intent.id} is {intent.status}")
    card = stripe.charge(intent.latest_charge)
    if not card.balance_transaction:
        raise NotSettledYet(f"charge {card.id} is not booked yet")
    moved = stripe.balance_transaction(card.balance_transaction)
    expected = (charge.amount_minor, charge.currency)
    facts = {
        "the page belongs to another charge": session.metadata.get("charge") == str(charge.pk),
        "the payment belongs to another charge": intent.metadata.get("charge") == str(charge.pk),
        "another amount was received": (intent.amount_received_minor, intent.currency) == expected,
        "another amount was charged": card.paid and (card.amount_minor, card.currency) == expected,
        "another amount reached the balance": (moved.amount_minor, moved.currency) == expected,
    }
    wrong = [problem for problem, holds in facts.items() if not holds]
    if wrong:
        raise Mismatch(f"{intent.id}: {', '.join(wrong)}")
    return Payment(intent, card, moved)


def _book(charge: Charge, payment: Payment, *, event: StripeEvent | None) -> None:
    """One transaction: the journal, the charge, the event, the audit row; the news goes out after it."""
    moved = payment.moved
    with transaction.atomic():
        row = Charge.objects.select_for_update().get(pk=charge.pk)
        finish(event)
        if row.is_paid:
            return
        row.state, row.paid_at, row.fee_minor = Charge.State.PAID, moved.created_at, moved.fee_minor
        row.payment_intent, row.stripe_charge, row.balance_transaction = payment.intent.id, payment.card.id, moved.id
        row.save()
        post(
            key=f"paid:{payment.intent.id}",
            kind="payment",
            ref=row.ref,
            legs=_legs(row, moved),
            occurred_at=moved.created_at,
            by=Actor.SYSTEM.label,
            stripe_id=moved.id,
        )
        transaction.on_commit(partial(tasks.announce_charge.delay, str(row.pk)), robust=True)
        record(
            kind="payment.received",
            subject=row.ref,
            by=Actor.SYSTEM.label,
            payload={
                "charge": str(row.pk),
                "payment_intent": payment.intent.id,
                "amount_minor": row.amount_minor,
                "fee_minor": moved.fee_minor,
                "currency": row.currency,
            },
        )


def _legs(charge: Charge, moved: BalanceTransaction) -> list[Leg]:
    """Debit what arrived and what Stripe kept (the platform bears it); credit what is held, and VAT."""
    legs = [
        Leg("stripe", charge.currency, moved.net_minor),
        Leg("expense:processing", charge.currency, moved.fee_minor),
        Leg(f"held:{charge.ref}", charge.currency, -charge.held_minor),
        Leg(f"vat:{charge.vat_country}", charge.currency, -charge.vat_minor),
    ]
    return [leg for leg in legs if leg.amount_minor]


def _expire(charge: Charge, *, event: StripeEvent | None) -> None:
    with transaction.atomic():
        Charge.objects.filter(pk=charge.pk, session_id=charge.session_id, state=Charge.State.OPEN).update(
            state=Charge.State.EXPIRED
        )
        finish(event)
