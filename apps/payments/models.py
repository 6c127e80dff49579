"""What payers owe and paid, what Stripe told us, and what we still have to tell Stripe. Amounts are minor units."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.common.models import BaseModel

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


def wait_after(tries: int) -> timedelta:
    """How long one try may take, and how long after a failed one the next is due: doubling, at most an hour."""
    return min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)


class Charge(BaseModel):
    """One amount that one payer owes for one thing ("booking:…"): paid once, refunded at most in full.

    Of one thing one charge counts. One that was replaced, because other terms were agreed or its money went back whole,
    stays as a record: its page is closed, and what arrived for it went back.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waits for payment"
        EXPIRED = "expired", "Payment page expired"
        PAID = "paid", "Paid"
        PARTLY_REFUNDED = "partly_refunded", "Partly refunded"
        REFUNDED = "refunded", "Refunded"

    UNPAID = (State.OPEN, State.EXPIRED)

    ref = models.CharField(max_length=80)
    payer = models.CharField(max_length=80)
    description = models.CharField(max_length=250)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField(help_text="Kept for the parties until it is earned.")
    vat_minor = models.BigIntegerField()
    vat_country = models.CharField(max_length=2)
    success_url = models.CharField(max_length=2000)
    cancel_url = models.CharField(max_length=2000)

    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    problem = models.CharField(max_length=500, blank=True, help_text="A person has to look; nothing moves by itself.")
    attempt = models.PositiveSmallIntegerField(default=1, help_text="Counts payment pages; part of the key to Stripe.")
    session_id = models.CharField(max_length=100, blank=True)
    checkout_url = models.CharField(max_length=2000, blank=True)
    session_expires_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="When Stripe was last asked whether it is paid.")

    payment_intent = models.CharField(max_length=100, null=True, unique=True)
    stripe_charge = models.CharField(max_length=100, null=True, unique=True)
    balance_transaction = models.CharField(max_length=100, null=True, unique=True)
    fee_minor = models.BigIntegerField(default=0, help_text="What Stripe kept; the platform bears it.")
    paid_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True, help_text="When everybody who waits for the money had been told.")
    replaced_at = models.DateTimeField(null=True, help_text="When another charge of the same thing took its place.")
    promised_minor = models.BigIntegerField(default=0, help_text="Refunds under way or done.")
    refunded_minor = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["payer", "paid_at"], name="charge_paid_by"),
            models.Index(fields=["ref"], name="charge_of_ref"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ref"], condition=Q(replaced_at=None), name="charge_one_counts"),
            models.CheckConstraint(
                condition=Q(held_minor__gt=0, vat_minor__gte=0, amount_minor=F("held_minor") + F("vat_minor")),
                name="charge_amount_is_held_and_vat",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0)
                & Q(refunded_minor__lte=F("promised_minor"))
                & Q(promised_minor__lte=F("amount_minor")),
                name="charge_refunds_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["open", "expired"],
                    paid_at=None,
                    payment_intent=None,
                    stripe_charge=None,
                    balance_transaction=None,
                    promised_minor=0,
                )
                | (
                    ~Q(state__in=["open", "expired"])
                    & Q(
                        paid_at__isnull=False,
                        payment_intent__isnull=False,
                        stripe_charge__isnull=False,
                        balance_transaction__isnull=False,
                    )
                ),
                name="charge_paid_facts_together",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "expired"])
                | Q(state="paid", refunded_minor=0)
                | (Q(state="partly_refunded", refunded_minor__gt=0) & Q(refunded_minor__lt=F("amount_minor")))
                | Q(state="refunded", refunded_minor=F("amount_minor")),
                name="charge_state_fits_refunds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.amount_minor} {self.currency}, {self.state}"

    @property
    def is_paid(self) -> bool:
        """Whether the money ever arrived; it may have been refunded since."""
        return self.state not in self.UNPAID

    @property
    def went_back(self) -> bool:
        """Whether all that arrived was sent back, or is on its way: it paid nothing."""
        return self.is_paid and self.promised_minor == self.amount_minor

    def state_after_refunds(self) -> "Charge.State":
        if self.refunded_minor == 0:
            return self.State.PAID
        return self.State.REFUNDED if self.refunded_minor == self.amount_minor else self.State.PARTLY_REFUNDED


class StripeEvent(BaseModel):
    """The inbox: what Stripe told us, once each. The body is evidence; what it claims is read again from the API."""

    account = models.CharField(max_length=100, blank=True)
    event_id = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    charge_hint = models.CharField(max_length=40, blank=True, help_text="The charge that the object names.")
    object_id = models.CharField(max_length=100, blank=True, help_text="What it tells of, by Stripe's id.")
    body = models.JSONField()
    due_at = models.DateTimeField(default=timezone.now, help_text="Next try; a running one holds it until then.")
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "Stripe event"
        constraints = [models.UniqueConstraint(fields=["account", "event_id"], name="stripe_event_stored_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="stripe_event_open")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Op(BaseModel):
    """The outbox: one thing that Stripe has to do, exactly once. `payload` is what is sent."""

    class Kind(models.TextChoices):
        REFUND = "refund", "Refund"

    class State(models.TextChoices):
        OPEN = "open", "To be done"
        DONE = "done", "Done"
        FAILED = "failed", "Refused by Stripe"

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="ops")
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    attempt = models.PositiveSmallIntegerField(default=1, help_text="A new number is a new idempotency key.")
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, help_text="Next try; a running one holds it until then.")
    stripe_id = models.CharField(max_length=100, null=True, unique=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "outgoing operation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", stripe_id__isnull=False) | (~Q(state="done") & Q(stripe_id=None)),
                name="op_done_names_its_stripe_object",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="op_open")]

    def __str__(self) -> str:
        return f"{self.key}, {self.state}"

    @property
    def idempotency_key(self) -> str:
        return f"{self.key}:{self.attempt}"


class Refund(BaseModel):
    """Money promised back to a payer, as parts of what is held and of VAT."""

    class State(models.TextChoices):
        ASKED = "asked", "Under way"
        SENT = "sent", "Sent back"
        REFUSED = "refused", "Refused by Stripe"
        RETURNED = "returned", "Came back from the payer's bank"

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="refunds")
    op = models.OneToOneField(Op, models.PROTECT, related_name="refund")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    amount_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(held_minor__gte=0, vat_minor__gte=0, amount_minor__gt=0)
                & Q(amount_minor=F("held_minor") + F("vat_minor")),
                name="refund_amount_is_held_and_vat",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.charge_id}, {self.state}"


class PayoutAccount(BaseModel):
    """Where one payee is to be paid: her account at Stripe, who asks her for bank, address and identity. We know none
    of these, only how far it is, as last read from the API. Money may be sent to it while it is active."""

    class State(models.TextChoices):
        STARTED = "started", "Started"
        CHECKING = "checking", "Stripe checks it"
        NEEDS_MORE = "needs_more", "Needs more"
        ACTIVE = "active", "Active"
        REFUSED = "refused", "Refused by Stripe"

    party = models.CharField(max_length=80, unique=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1; cannot be changed at Stripe")
    account_id = models.CharField(max_length=100, null=True, unique=True, help_text="Empty while no answer came.")
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    reason = models.CharField(max_length=60, blank=True, help_text="Stripe's code for why it is not active.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often Stripe was asked to make the account.")
    links = models.PositiveIntegerField(default=0, help_text="How often she was led to the hosted page.")
    readings = models.PositiveIntegerField(default=0, help_text="Counts what was stored; an older answer is dropped.")
    looked_at = models.DateTimeField(null=True, help_text="When Stripe was last asked how far it is.")
    returned_at = models.DateTimeField(null=True, help_text="When she last came back from the hosted page.")
    active_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["looked_at"], condition=Q(account_id__isnull=False), name="payout_account_to_look_at")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", account_id__isnull=False, active_since__isnull=False)
                | (~Q(state="active") & Q(active_since=None)),
                name="payout_account_active_since",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}, {self.state}"
