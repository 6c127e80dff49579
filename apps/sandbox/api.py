"""The calls that the stand-in answers: here what a payment and a refund need, and the balance to compare with."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from apps.sandbox import happenings, payees, render, verifications
from apps.sandbox.models import BalanceTransaction, Charge, CheckoutSession, PaymentIntent, Refund
from apps.sandbox.params import amount_of, find, required
from apps.sandbox.wire import JSON, ApiError, Request

Handler = Callable[..., JSON]
SESSION_LASTS = timedelta(hours=24)
PAGE = 10


def create_session(request: Request) -> JSON:
    params = request.params
    item = required(params, "line_items")[0]
    price = item["price_data"]
    intent = params.get("payment_intent_data", {})
    row = CheckoutSession.objects.create(
        amount=amount_of(price.get("unit_amount"), "line_items[0][price_data][unit_amount]")
        * int(item.get("quantity", "1")),
        currency=required(price, "currency"),
        description=price["product_data"]["name"],
        client_reference_id=params.get("client_reference_id", ""),
        metadata=params.get("metadata", {}),
        intent_metadata=intent.get("metadata", {}),
        transfer_group=intent.get("transfer_group", ""),
        success_url=required(params, "success_url"),
        cancel_url=params.get("cancel_url", ""),
        expires_at=timezone.now() + SESSION_LASTS,
    )
    return render.checkout_session(row)


def read_session(_request: Request, pk: str) -> JSON:
    row: CheckoutSession = find(CheckoutSession.objects.all(), pk)
    if row.expires_at <= timezone.now():
        happenings.expire(row)
        row.refresh_from_db()
    return render.checkout_session(row)


def expire_session(_request: Request, pk: str) -> JSON:
    row: CheckoutSession = find(CheckoutSession.objects.all(), pk)
    if not happenings.expire(row):
        raise ApiError(f"Only Checkout Sessions with a status in [open] can be expired; this one is {row.status}.")
    row.refresh_from_db()
    return render.checkout_session(row)


def read_intent(_request: Request, pk: str) -> JSON:
    return render.payment_intent(find(PaymentIntent.objects.all(), pk))


def read_charge(_request: Request, pk: str) -> JSON:
    return render.charge(find(Charge.objects.select_related("payment_intent"), pk))


def read_balance_transaction(_request: Request, pk: str) -> JSON:
    return render.balance_transaction(find(BalanceTransaction.objects.all(), pk))


def create_refund(request: Request) -> JSON:
    params = request.params
    charge: Charge = find(Charge.objects.all(), required(params, "charge"), param="charge")
    amount = params.get("amount")
    row = happenings.refund(
        charge.pk,
        amount=None if amount is None else amount_of(amount, "amount"),
        reason=params.get("reason", ""),
        metadata=params.get("metadata", {}),
    )
    return render.refund(row)


def list_refunds(request: Request) -> JSON:
    rows = Refund.objects.select_related("charge").order_by("-created_at", "-pk")
    if "charge" in request.params:
        rows = rows.filter(charge=request.params["charge"])
    found = list(rows)
    if "starting_after" in request.params:
        ids = [row.pk for row in found]
        found = found[ids.index(request.params["starting_after"]) + 1 :]
    limit = int(request.params.get("limit", PAGE))
    return render.page(request.path, [render.refund(row) for row in found[:limit]], more=len(found) > limit)


def read_balance(_request: Request) -> JSON:
    sums = BalanceTransaction.objects.values_list("currency").annotate(Sum("net"))
    return render.balance(dict(sums))


ROUTES: list[tuple[str, re.Pattern[str], Handler]] = [
    ("POST", re.compile(r"/v1/checkout/sessions"), create_session),
    ("GET", re.compile(r"/v1/checkout/sessions/(\w+)"), read_session),
    ("POST", re.compile(r"/v1/checkout/sessions/(\w+)/expire"), expire_session),
    ("GET", re.compile(r"/v1/payment_intents/(\w+)"), read_intent),
    ("GET", re.compile(r"/v1/charges/(\w+)"), read_charge),
    ("GET", re.compile(r"/v1/balance_transactions/(\w+)"), read_balance_transaction),
    ("POST", re.compile(r"/v1/refunds"), create_refund),
    ("GET", re.compile(r"/v1/refunds"), list_refunds),
    ("GET", re.compile(r"/v1/balance"), read_balance),
    ("POST", re.compile(r"/v2/core/accounts"), payees.create_account),
    ("GET", re.compile(r"/v2/core/accounts"), payees.list_accounts),
    ("GET", re.compile(r"/v2/core/accounts/(\w+)"), payees.read_account),
    ("POST", re.compile(r"/v2/core/account_links"), payees.create_link),
    ("POST", re.compile(r"/v1/identity/verification_sessions"), verifications.create_session),
    ("GET", re.compile(r"/v1/identity/verification_sessions"), verifications.list_sessions),
    ("GET", re.compile(r"/v1/identity/verification_sessions/(\w+)"), verifications.read_session),
    ("POST", re.compile(r"/v1/identity/verification_sessions/(\w+)/redact"), verifications.redact_session),
]


def handle(request: Request) -> JSON:
    """The object that answers this call. Raises ApiError."""
    for method, pattern, handler in ROUTES:
        found = pattern.fullmatch(request.path)
        if method == request.method and found:
            return handler(request, *found.groups())
    raise ApiError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404, saved=False)
