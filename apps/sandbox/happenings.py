"""What happens at the stand-in: a payer pays, is declined, gives up; a refund goes out or comes back."""

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.common.money import BASIS_POINTS
from apps.sandbox.events import emit
from apps.sandbox.models import BalanceTransaction, Charge, CheckoutSession, PaymentIntent, Refund
from apps.sandbox.wire import ApiError

GOOD_CARD = "4242424242424242"
DECLINED_CARDS = {"4000000000000002": "card_declined", "4000000000009995": "insufficient_funds"}


class SessionClosed(Exception):
    """The page is no longer payable: it was paid, or it expired."""


class CardDeclined(Exception):
    """The payer may try another card on the same page."""


def pay(session_id: str, *, card: str) -> CheckoutSession:
    """An open session ends complete, its money in our balance. Raises SessionClosed, CardDeclined."""
    failure = DECLINED_CARDS.get(card, "" if card == GOOD_CARD else "incorrect_number")
    with transaction.atomic(using="sandbox"):
        session = CheckoutSession.objects.select_for_update().get(pk=session_id)
        if session.status != CheckoutSession.Status.OPEN or session.expires_at <= timezone.now():
            raise SessionClosed
        intent = session.payment_intent or _confirm(session)
        charge = _try_card(intent, card=card, failure=failure)
        if not failure:
            PaymentIntent.objects.filter(pk=intent.pk).update(status=PaymentIntent.Status.SUCCEEDED)
            session.status = CheckoutSession.Status.COMPLETE
            session.save(update_fields=["status", "payment_intent"])
            intent.refresh_from_db()
            for kind, row in [
                ("charge.succeeded", charge),
                ("payment_intent.succeeded", intent),
                ("checkout.session.completed", session),
            ]:
                emit(kind, row)
        else:
            emit("payment_intent.payment_failed", intent)
    if failure:
        raise CardDeclined(failure)
    return session


def expire(session: CheckoutSession) -> bool:
    """An open session ends expired; false when it was no longer open."""
    with transaction.atomic(using="sandbox"):
        row = CheckoutSession.objects.select_for_update().get(pk=session.pk)
        if row.status != CheckoutSession.Status.OPEN:
            return False
        row.status = CheckoutSession.Status.EXPIRED
        row.save(update_fields=["status"])
        emit("checkout.session.expired", row)
    return True


def refund(charge_id: str, *, amount: int | None, reason: str, metadata: dict[str, str]) -> Refund:
    """Money back to the card, at most what is left of the charge; without an amount all of it."""
    with transaction.atomic(using="sandbox"):
        charge = Charge.objects.select_for_update().get(pk=charge_id)
        left = charge.amount - charge.amount_refunded
        wanted = left if amount is None else amount
        if charge.failure_code:
            raise ApiError("This charge did not succeed.", code="charge_not_refundable", param="charge")
        if left == 0:
            raise ApiError(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
        if wanted > left:
            raise ApiError(
                f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})", param="amount"
            )
        row = Refund(charge=charge, amount=wanted, reason=reason, metadata=metadata)
        row.balance_transaction = _move("refund", -wanted, fee=0, currency=charge.currency, source=row.id)
        row.save(force_insert=True)
        Charge.objects.filter(pk=charge.pk).update(amount_refunded=F("amount_refunded") + wanted)
        charge.refresh_from_db()
        row.charge = charge
        emit("refund.created", row)
        emit("charge.refunded", charge)
    return row


def fail_refund(refund_id: str) -> Refund:
    """The card's bank sends a refund back: the money is on our balance again."""
    with transaction.atomic(using="sandbox"):
        row = Refund.objects.select_for_update().get(pk=refund_id)
        row.status = Refund.Status.FAILED
        row.failure_balance_transaction = _move(
            "refund_failure", row.amount, fee=0, currency=row.charge.currency, source=row.id
        )
        row.save(update_fields=["status", "failure_balance_transaction"])
        Charge.objects.filter(pk=row.charge_id).update(amount_refunded=F("amount_refunded") - row.amount)
        row.refresh_from_db()
        emit("refund.failed", row)
    return row


def _confirm(session: CheckoutSession) -> PaymentIntent:
    """Since API 2022-08-01 the intent of a session is made when the payer first confirms."""
    session.payment_intent = PaymentIntent.objects.create(
        status=PaymentIntent.Status.NEEDS_CARD,
        amount=session.amount,
        currency=session.currency,
        description=session.description,
        metadata=session.intent_metadata,
        transfer_group=session.transfer_group,
    )
    session.save(update_fields=["payment_intent"])
    return session.payment_intent


def _try_card(intent: PaymentIntent, *, card: str, failure: str) -> Charge:
    charge = Charge(
        payment_intent=intent,
        amount=intent.amount,
        currency=intent.currency,
        card_last4=card[-4:],
        failure_code=failure,
    )
    if not failure:
        fee = intent.amount * settings.SANDBOX_FEE_BASIS_POINTS // BASIS_POINTS
        charge.balance_transaction = _move("charge", intent.amount, fee=fee, currency=intent.currency, source=charge.id)
    charge.save(force_insert=True)
    return charge


def _move(kind: str, amount: int, *, fee: int, currency: str, source: str) -> BalanceTransaction:
    return BalanceTransaction.objects.create(
        kind=kind, amount=amount, fee=fee, net=amount - fee, currency=currency, source=source
    )
