"""Having Stripe do something exactly once: look, create with a key, book. No lock is held while Stripe is asked."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.integrations.stripe.client import gateway
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.integrations.stripe.types import CardRefund
from apps.ledger.errors import BelowFloor
from apps.ledger.services import Leg, post
from apps.payments.errors import NotSettledYet
from apps.payments.models import Charge, Op, Refund, wait_after
from apps.payments.services.problems import flag

MOST_ATTEMPTS = 3


def run_op(*, op_id: UUID) -> None:
    """Works on one open op that is due; it ends done, failed after a definite no, or due again later.

    While its charge has a problem, an op waits.
    """
    now = timezone.now()
    open_ops = Op.objects.filter(pk=op_id, state=Op.State.OPEN, charge__problem="")
    tries = open_ops.values_list("tries", flat=True).first() or 0
    if not open_ops.filter(due_at__lte=now).update(due_at=now + wait_after(tries), tries=F("tries") + 1):
        return
    op = open_ops.select_related("charge").get()
    try:
        sent = _find_or_create(op)
        _settle(op, sent)
    except OutcomeUnknown as error:
        # A key that only replays an error is spent. The next try looks first, so nothing is sent twice.
        open_ops.update(error=str(error)[:500], attempt=op.attempt + 1 if error.key_spent else op.attempt)
    except NotSettledYet as error:
        open_ops.update(error=str(error)[:500])
    except BelowFloor as error:
        flag(op.charge, f"refund {op.key} was sent, yet its money is no longer held: {error}")
    except Rejected as error:
        _refused(op, error)


def _find_or_create(op: Op) -> CardRefund:
    """The refund that carries this op's id, made now unless an earlier try made it."""
    stripe = gateway()
    for found in stripe.refunds_of(op.payload["charge"]):
        if found.metadata.get("op") == str(op.pk):
            return found
    return stripe.create_refund(
        charge_id=op.payload["charge"],
        amount_minor=op.payload["amount_minor"],
        metadata={"op": str(op.pk), "charge": str(op.charge_id)},
        key=op.idempotency_key,
    )


def _settle(op: Op, sent: CardRefund) -> None:
    """One transaction: the journal, the op, the refund, the charge, the audit row. Raises NotSettledYet."""
    if not sent.balance_transaction:
        raise NotSettledYet(f"refund {sent.id} is {sent.status}")
    with transaction.atomic():
        charge = Charge.objects.select_for_update().get(pk=op.charge_id)
        refund = Refund.objects.get(op=op)
        if not Op.objects.filter(pk=op.pk, state=Op.State.OPEN).update(
            state=Op.State.DONE, stripe_id=sent.id, error=""
        ):
            return
        Refund.objects.filter(pk=refund.pk).update(state=Refund.State.SENT)
        charge.refunded_minor += refund.amount_minor
        charge.state = charge.state_after_refunds()
        charge.save(update_fields=["refunded_minor", "state"])
        post(
            key=f"refunded:{sent.id}",
            kind="refund",
            ref=charge.ref,
            legs=refund_legs(charge, refund),
            occurred_at=timezone.now(),
            by=Actor.SYSTEM.label,
            stripe_id=sent.balance_transaction,
        )
        record(
            kind="payment.refunded",
            subject=charge.ref,
            by=Actor.SYSTEM.label,
            payload={
                "refund": sent.id,
                "amount_minor": refund.amount_minor,
                "currency": charge.currency,
                "reason": refund.reason,
                "asked_by": refund.asked_by,
            },
        )


def refund_legs(charge: Charge, refund: Refund, *, sign: int = 1) -> list[Leg]:
    """Debit what was held and VAT, credit cash; `sign` −1 for money that came back."""
    legs = [
        Leg(f"held:{charge.ref}", charge.currency, sign * refund.held_minor),
        Leg(f"vat:{charge.vat_country}", charge.currency, sign * refund.vat_minor),
        Leg("stripe", charge.currency, -sign * refund.amount_minor),
    ]
    return [leg for leg in legs if leg.amount_minor]


def _refused(op: Op, error: Rejected) -> None:
    """A definite no: nothing happened under this key. The last one frees the promise and asks for a person."""
    open_op = Op.objects.filter(pk=op.pk, state=Op.State.OPEN, attempt=op.attempt)
    reason = f"{error.code}: {error}"[:500]
    if op.attempt < MOST_ATTEMPTS:
        open_op.update(attempt=op.attempt + 1, error=reason)
        return
    with transaction.atomic():
        charge = Charge.objects.select_for_update().get(pk=op.charge_id)
        if open_op.update(state=Op.State.FAILED, error=reason):
            refund = Refund.objects.get(op=op)
            Refund.objects.filter(pk=refund.pk).update(state=Refund.State.REFUSED)
            charge.promised_minor -= refund.amount_minor
            charge.save(update_fields=["promised_minor"])
            flag(charge, f"refund {op.key} was refused by Stripe: {reason}")
