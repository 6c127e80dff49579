"""The state of the stand-in for Stripe, in a database of its own: it must not roll back with the caller.

Ids look like Stripe's. Currencies are lower case here, as on Stripe's wire; amounts are minor units.
"""

import secrets
from functools import partial

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


def new_id(prefix: str) -> str:
    return f"{prefix}_test_{secrets.token_hex(12)}"


class StandIn(models.Model):
    """What every object of the stand-in has; `id` is set by each class with its own prefix."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class CheckoutSession(StandIn):
    class Status(models.TextChoices):
        OPEN = "open", "Open"
        COMPLETE = "complete", "Complete"
        EXPIRED = "expired", "Expired"

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "cs"))
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=300)
    client_reference_id = models.CharField(max_length=200, blank=True)
    metadata = models.JSONField(default=dict)
    intent_metadata = models.JSONField(default=dict)
    transfer_group = models.CharField(max_length=300, blank=True)
    success_url = models.URLField(max_length=2000)
    cancel_url = models.URLField(max_length=2000)
    expires_at = models.DateTimeField()
    payment_intent = models.OneToOneField(
        "PaymentIntent", models.PROTECT, null=True, blank=True, related_name="session"
    )

    def __str__(self) -> str:
        return self.id


class PaymentIntent(StandIn):
    class Status(models.TextChoices):
        NEEDS_CARD = "requires_payment_method", "Waits for another card"
        SUCCEEDED = "succeeded", "Succeeded"
        CANCELED = "canceled", "Canceled"

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "pi"))
    status = models.CharField(max_length=30, choices=Status)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=1000, blank=True)
    metadata = models.JSONField(default=dict)
    transfer_group = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.id


class BalanceTransaction(StandIn):
    """One movement of the platform's balance; their sum of `net` is the balance."""

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "txn"))
    kind = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    net = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(net=F("amount") - F("fee")), name="sandbox_net_is_amount_less_fee")
        ]

    def __str__(self) -> str:
        return self.id


class Charge(StandIn):
    """One try of a card; only a succeeded one moved money."""

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "ch"))
    payment_intent = models.ForeignKey(PaymentIntent, models.PROTECT, related_name="charges")
    amount = models.BigIntegerField()
    amount_refunded = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    card_last4 = models.CharField(max_length=4)
    failure_code = models.CharField(max_length=60, blank=True)
    balance_transaction = models.OneToOneField(BalanceTransaction, models.PROTECT, null=True, related_name="charge")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_refunded__gte=0, amount_refunded__lte=F("amount")),
                name="sandbox_refunds_within_charge",
            ),
            models.CheckConstraint(
                condition=Q(failure_code="", balance_transaction__isnull=False)
                | (~Q(failure_code="") & Q(balance_transaction__isnull=True)),
                name="sandbox_charge_moved_money_or_failed",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Refund(StandIn):
    class Status(models.TextChoices):
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "re"))
    status = models.CharField(max_length=20, choices=Status, default=Status.SUCCEEDED)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=40, blank=True)
    metadata = models.JSONField(default=dict)
    balance_transaction = models.OneToOneField(BalanceTransaction, models.PROTECT, related_name="refund")
    failure_balance_transaction = models.OneToOneField(
        BalanceTransaction, models.PROTECT, null=True, related_name="failed_refund"
    )

    def __str__(self) -> str:
        return self.id


class ConnectedAccount(StandIn):
    """A payee's account (v2). Stripe alone decides how far `transfers` is; the hosted page stands for that."""

    class Transfers(models.TextChoices):
        RESTRICTED = "restricted", "Restricted"
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        REJECTED = "rejected", "Rejected"

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "acct"))
    display_name = models.CharField(max_length=250)
    contact_email = models.EmailField()
    country = models.CharField(max_length=2)
    dashboard = models.CharField(max_length=10)
    fees_collector = models.CharField(max_length=30)
    losses_collector = models.CharField(max_length=30)
    metadata = models.JSONField(default=dict)
    transfers = models.CharField(max_length=20, choices=Transfers, default=Transfers.RESTRICTED)
    reason = models.CharField(max_length=60, default="requirements_past_due", blank=True)
    resolution = models.CharField(max_length=20, default="provide_info", blank=True)

    def __str__(self) -> str:
        return self.id


class AccountLink(StandIn):
    """The address of the hosted page of one account: for one visit, for some minutes."""

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "alu"))
    account = models.ForeignKey(ConnectedAccount, models.CASCADE, related_name="links")
    return_url = models.URLField(max_length=2000)
    refresh_url = models.URLField(max_length=2000)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id


class VerificationSession(StandIn):
    """Stripe Identity. `birth_date` is what the document says that nobody showed: the visitor types it."""

    class Status(models.TextChoices):
        REQUIRES_INPUT = "requires_input", "Waits for a document"
        PROCESSING = "processing", "Being looked at"
        VERIFIED = "verified", "Verified"
        CANCELED = "canceled", "Canceled"

    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "vs"))
    status = models.CharField(max_length=20, choices=Status, default=Status.REQUIRES_INPUT)
    client_reference_id = models.CharField(max_length=200, blank=True)
    metadata = models.JSONField(default=dict)
    require_matching_selfie = models.BooleanField()
    require_live_capture = models.BooleanField()
    return_url = models.URLField(max_length=2000)
    birth_date = models.DateField(null=True)
    error = models.CharField(max_length=60, blank=True)
    redaction_asked_at = models.DateTimeField(null=True)
    redacted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id


class SavedAnswer(models.Model):
    """Idempotency. v1: the first answer to a key, errors included, is the answer to every later call with it. v2: the
    first success is."""

    key = models.CharField(max_length=255, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class Event(StandIn):
    id = models.CharField(primary_key=True, max_length=80, default=partial(new_id, "evt"))
    type = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    body = models.JSONField()

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Delivery(models.Model):
    """One webhook to be sent; repeated until it is answered with 2xx, or given up."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["due_at"], condition=Q(delivered_at=None), name="sandbox_delivery_due")]

    def __str__(self) -> str:
        return f"{self.event_id} to the site"


class Fault(models.Model):
    """One thing that shall go wrong `remaining` times: how the tests show what an unreliable service does."""

    class Kind(models.TextChoices):
        LOST_REQUEST = "lost_request", "The request never arrives"
        LOST_ANSWER = "lost_answer", "It is done, the answer never arrives"
        FAILS_BEFORE = "fails_before", "Internal error, nothing done"
        FAILS_AFTER = "fails_after", "Internal error, yet it is done"
        BUSY = "busy", "Too many requests"
        LOST_EVENT = "lost_event", "The webhook is never sent"
        DOUBLE_EVENT = "double_event", "The webhook is sent three times"

    kind = models.CharField(max_length=20, choices=Kind)
    target = models.CharField(max_length=100, help_text="Start of 'POST /v1/refunds', or of an event's type.")
    remaining = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.kind} on {self.target}, {self.remaining} left"
