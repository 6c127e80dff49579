"""Comparing the refunds that Stripe has with those we ordered."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.integrations.stripe.client import gateway
from apps.integrations.stripe.types import CardRefund
from apps.ledger.services import post
from apps.payments.models import Charge, Op, Refund, StripeEvent
from apps.payments.services.outbox import refund_legs
from apps.payments.services.problems import finish, flag


def reconcile_refunds(charge: Charge, *, event: StripeEvent) -> None:
    """Ordered refunds are booked by their op alone; one that came back is booked here; a foreign one goes to a person.

    Exit: the event is done. Must not be called inside a transaction.
    """
    if not charge.stripe_charge:
        finish(event)
        return
    found = gateway().refunds_of(charge.stripe_charge)
    for refund in found:
        if refund.status == "failed" and refund.failure_balance_transaction:
            _came_back(charge, refund)
    ours = {str(pk) for pk in Op.objects.filter(charge=charge).values_list("pk", flat=True)}
    foreign = sorted(refund.id for refund in found if refund.metadata.get("op") not in ours)
    if foreign:
        flag(charge, f"refunds that nobody ordered here: {', '.join(foreign)}", event=event)
    else:
        finish(event)


def _came_back(charge: Charge, failed: CardRefund) -> None:
    """The payer's bank sent a booked refund back: the money is held again, and a person has to find another way."""
    with transaction.atomic():
        row = Charge.objects.select_for_update().get(pk=charge.pk)
        refund = Refund.objects.filter(op__stripe_id=failed.id, state=Refund.State.SENT).first()
        if refund is None:
            return
        Refund.objects.filter(pk=refund.pk).update(state=Refund.State.RETURNED)
        row.refunded_minor -= refund.amount_minor
        row.promised_minor -= refund.amount_minor
        row.state = row.state_after_refunds()
        row.problem = f"refund {failed.id} came back from the payer's bank"
        row.save(update_fields=["refunded_minor", "promised_minor", "state", "problem"])
        post(
            key=f"refund_returned:{failed.id}",
            kind="refund_returned",
            ref=row.ref,
            legs=refund_legs(row, refund, sign=-1),
            occurred_at=timezone.now(),
            by=Actor.SYSTEM.label,
            stripe_id=failed.failure_balance_transaction,
        )
        record(
            kind="payment.refund_returned",
            subject=row.ref,
            by=Actor.SYSTEM.label,
            payload={"refund": failed.id, "amount_minor": refund.amount_minor, "currency": row.currency},
        )
