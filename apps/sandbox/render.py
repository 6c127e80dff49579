"""The stand-in's rows as the objects that Stripe's API answers with (API version of the pinned SDK)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.sandbox import models, render_hosted
from apps.sandbox.wire import JSON, seconds

SETTLES_AFTER = timedelta(days=2)


def checkout_session(row: models.CheckoutSession) -> JSON:
    open_ = row.status == models.CheckoutSession.Status.OPEN
    page = reverse("sandbox:checkout", kwargs={"session_id": row.id})
    return {
        "id": row.id,
        "object": "checkout.session",
        "amount_subtotal": row.amount,
        "amount_total": row.amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": row.cancel_url,
        "client_reference_id": row.client_reference_id or None,
        "created": seconds(row.created_at),
        "currency": row.currency,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "expires_at": seconds(row.expires_at),
        "livemode": False,
        "metadata": row.metadata,
        "mode": "payment",
        "payment_intent": row.payment_intent_id,
        "payment_method_types": ["card"],
        "payment_status": "paid" if row.status == models.CheckoutSession.Status.COMPLETE else "unpaid",
        "shipping_options": [],
        "status": row.status,
        "success_url": row.success_url,
        "url": f"{settings.SITE_URL}{page}" if open_ else None,
    }


def payment_intent(row: models.PaymentIntent) -> JSON:
    charges = list(row.charges.order_by("created_at"))
    paid = row.status == models.PaymentIntent.Status.SUCCEEDED
    return {
        "id": row.id,
        "object": "payment_intent",
        "amount": row.amount,
        "amount_capturable": 0,
        "amount_received": row.amount if paid else 0,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": seconds(row.created_at),
        "currency": row.currency,
        "description": row.description or None,
        "latest_charge": charges[-1].id if charges else None,
        "livemode": False,
        "metadata": row.metadata,
        "payment_method_types": ["card"],
        "status": row.status,
        "transfer_group": row.transfer_group or None,
    }


def charge(row: models.Charge) -> JSON:
    paid = not row.failure_code
    return {
        "id": row.id,
        "object": "charge",
        "amount": row.amount,
        "amount_captured": row.amount if paid else 0,
        "amount_refunded": row.amount_refunded,
        "balance_transaction": row.balance_transaction_id,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": paid,
        "created": seconds(row.created_at),
        "currency": row.currency,
        "description": row.payment_intent.description or None,
        "disputed": False,
        "failure_code": row.failure_code or None,
        "livemode": False,
        "metadata": row.payment_intent.metadata,
        "paid": paid,
        "payment_intent": row.payment_intent_id,
        "refunded": row.amount_refunded == row.amount,
        "status": "succeeded" if paid else "failed",
        "transfer_group": row.payment_intent.transfer_group or None,
    }


def refund(row: models.Refund) -> JSON:
    failed = {"failure_balance_transaction": row.failure_balance_transaction_id, "failure_reason": "unknown"}
    return {
        "id": row.id,
        "object": "refund",
        "amount": row.amount,
        "balance_transaction": row.balance_transaction_id,
        "charge": row.charge_id,
        "created": seconds(row.created_at),
        "currency": row.charge.currency,
        "metadata": row.metadata,
        "payment_intent": row.charge.payment_intent_id,
        "reason": row.reason or None,
        "status": row.status,
        **(failed if row.status == models.Refund.Status.FAILED else {}),
    }


def balance_transaction(row: models.BalanceTransaction) -> JSON:
    fee = {"amount": row.fee, "application": None, "currency": row.currency, "description": "Fee", "type": "stripe_fee"}
    return {
        "id": row.id,
        "object": "balance_transaction",
        "amount": row.amount,
        "available_on": seconds(row.created_at + SETTLES_AFTER),
        "balance_type": "payments",
        "created": seconds(row.created_at),
        "currency": row.currency,
        "description": None,
        "exchange_rate": None,
        "fee": row.fee,
        "fee_details": [fee] if row.fee else [],
        "net": row.net,
        "reporting_category": row.kind,
        "source": row.source,
        "status": "pending",
        "type": row.kind,
    }


def balance(sums: dict[str, int]) -> JSON:
    parts = [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}} for currency, amount in sums.items()
    ]
    return {"object": "balance", "available": parts, "livemode": False, "pending": []}


def page(url: str, objects: Sequence[JSON], *, more: bool) -> JSON:
    return {"object": "list", "data": list(objects), "has_more": more, "url": url}


def thin_event(row: models.Event) -> JSON:
    """A v2 event as it is pushed: it names its object, if it has one, and that is all."""
    return {
        "id": row.id,
        "object": "v2.core.event",
        "created": row.created_at.isoformat(),
        "livemode": False,
        **({"related_object": row.body} if row.body else {}),
        "type": row.type,
    }


def event(row: models.Event, api_version: str) -> JSON:
    return {
        "id": row.id,
        "object": "event",
        "api_version": api_version,
        "created": seconds(row.created_at),
        "data": {"object": row.body},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": row.type,
    }


def subject(row: Any) -> JSON:
    """Any object that an event can tell of."""
    renderers: dict[type, Any] = {
        models.CheckoutSession: checkout_session,
        models.PaymentIntent: payment_intent,
        models.Charge: charge,
        models.Refund: refund,
        models.ConnectedAccount: render_hosted.related_account,
        models.AccountLink: render_hosted.no_object,
        models.VerificationSession: render_hosted.verification_session,
    }
    body: JSON = renderers[type(row)](row)
    return body
