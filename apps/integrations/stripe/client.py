"""The calls we make to Stripe, one method each. Every POST names its own idempotency key.

The SDK's random key would not protect a task that runs again, and its own retries are off: repeating is the business
of the outbox, which looks before it creates.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import stripe
from django.conf import settings

from apps.integrations.stripe import checks, types
from apps.integrations.stripe.connection import id_of, time_of, translated, transport


@dataclass(frozen=True)
class CheckoutOrder:
    """One amount to be paid on Stripe's hosted page. `reference` groups the later transfers."""

    amount_minor: int
    currency: str
    description: str
    reference: str
    metadata: Mapping[str, str]
    success_url: str
    cancel_url: str


class StripeGateway:
    """Raises Rejected for a definite no, OutcomeUnknown where it may have happened, InvalidCall for our mistakes."""

    def __init__(self, *, key: str, http_client: stripe.HTTPClient) -> None:
        self._v1 = stripe.StripeClient(key, http_client=http_client, max_network_retries=0).v1

    def create_checkout(self, order: CheckoutOrder, *, key: str) -> types.CheckoutSession:
        metadata = checks.metadata(order.metadata)
        name = checks.text(order.description, name="the description")
        with translated():
            session = self._v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "client_reference_id": checks.text(order.reference, name="the reference", longest=200),
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": checks.currency(order.currency),
                                "unit_amount": checks.amount(order.amount_minor),
                                "product_data": {"name": name},
                            },
                        }
                    ],
                    "metadata": metadata,
                    "payment_intent_data": {
                        "metadata": metadata,
                        "transfer_group": order.reference,
                        "description": name,
                    },
                    "success_url": order.success_url,
                    "cancel_url": order.cancel_url,
                },
                {"idempotency_key": checks.idempotency_key(key)},
            )
        return _session(session)

    def checkout(self, session_id: str) -> types.CheckoutSession:
        with translated():
            return _session(self._v1.checkout.sessions.retrieve(session_id))

    def expire_checkout(self, session_id: str, *, key: str) -> types.CheckoutSession:
        """Close an open page, so that nobody can pay on it any more. Rejected where it is not open."""
        with translated():
            expired = self._v1.checkout.sessions.expire(
                session_id, None, {"idempotency_key": checks.idempotency_key(key)}
            )
        return _session(expired)

    def payment_intent(self, intent_id: str) -> types.PaymentIntent:
        with translated():
            intent = self._v1.payment_intents.retrieve(intent_id)
        return types.PaymentIntent(
            id=intent.id,
            status=intent.status,
            amount_received_minor=intent.amount_received,
            currency=intent.currency.upper(),
            latest_charge=id_of(intent.latest_charge),
            metadata=intent.metadata.to_dict(),
        )

    def charge(self, charge_id: str) -> types.CardCharge:
        with translated():
            charge = self._v1.charges.retrieve(charge_id)
        return types.CardCharge(
            id=charge.id,
            paid=charge.paid and charge.captured,
            disputed=charge.disputed,
            amount_minor=charge.amount,
            refunded_minor=charge.amount_refunded,
            currency=charge.currency.upper(),
            balance_transaction=id_of(charge.balance_transaction),
        )

    def balance_transaction(self, transaction_id: str) -> types.BalanceTransaction:
        with translated():
            moved = self._v1.balance_transactions.retrieve(transaction_id)
        return types.BalanceTransaction(
            id=moved.id,
            amount_minor=moved.amount,
            fee_minor=moved.fee,
            net_minor=moved.net,
            currency=moved.currency.upper(),
            created_at=time_of(moved.created),
        )

    def create_refund(
        self, *, charge_id: str, amount_minor: int, metadata: Mapping[str, str], key: str
    ) -> types.CardRefund:
        with translated():
            refund = self._v1.refunds.create(
                {
                    "charge": charge_id,
                    "amount": checks.amount(amount_minor),
                    "reason": "requested_by_customer",
                    "metadata": checks.metadata(metadata),
                },
                {"idempotency_key": checks.idempotency_key(key)},
            )
        return _refund(refund)

    def refunds_of(self, charge_id: str) -> list[types.CardRefund]:
        """All refunds of a charge, newest first, over every page."""
        with translated():
            page = self._v1.refunds.list({"charge": charge_id, "limit": 100})
            return [_refund(refund) for refund in page.auto_paging_iter()]

    def balance(self) -> dict[str, int]:
        """What Stripe holds for the platform by currency, available and on its way together."""
        with translated():
            balance = self._v1.balance.retrieve()
        sums: Counter[str] = Counter()
        for available in balance.available:
            sums[available.currency.upper()] += available.amount
        for pending in balance.pending:
            sums[pending.currency.upper()] += pending.amount
        return dict(sums)


def gateway() -> StripeGateway:
    """The client that the settings choose."""
    return StripeGateway(key=settings.STRIPE_SECRET_KEY, http_client=transport())


def _session(session: stripe.checkout.Session) -> types.CheckoutSession:
    return types.CheckoutSession(
        id=session.id,
        status=session.status or "",
        paid=session.payment_status == "paid",
        url=session.url or "",
        payment_intent=id_of(session.payment_intent),
        expires_at=time_of(session.expires_at),
        metadata=session.metadata.to_dict() if session.metadata else {},
    )


def _refund(refund: stripe.Refund) -> types.CardRefund:
    return types.CardRefund(
        id=refund.id,
        status=refund.status or "",
        amount_minor=refund.amount,
        currency=refund.currency.upper(),
        balance_transaction=id_of(refund.balance_transaction),
        failure_balance_transaction=id_of(getattr(refund, "failure_balance_transaction", None)),
        metadata=refund.metadata.to_dict() if refund.metadata else {},
    )
