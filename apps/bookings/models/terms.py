"""The priced licence of a booking, versioned, and each party's answer to one version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.bookings.models.booking import Booking
from apps.common.models import BaseModel
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.signatures.models import Signature
from apps.talent.models import HIGHEST_COMMISSION_BP


class Terms(BaseModel):
    """One version, frozen: what is licensed, at which price, split how, and the memo that is read and signed.

    A version above `Booking.version` is a proposal: the brand sees nothing of it before the model has signed it.
    Every approval names the version it approves. New York Fashion Workers Act: a deal memo before work, in the
    model's language.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField()
    author = models.CharField(max_length=80, help_text="party that wrote this version")
    media = ArrayField(models.CharField(max_length=20, choices=Medium.choices))
    territories = ArrayField(models.CharField(max_length=5))
    window_months = models.PositiveSmallIntegerField()
    starts_on = models.DateField(null=True, blank=True)
    exclusivity = models.CharField(max_length=10, choices=Exclusivity.choices)
    category = models.CharField(max_length=20, choices=Category.choices)
    pictures = models.PositiveIntegerField()
    look_pictures = ArrayField(models.PositiveIntegerField(), default=list, help_text="of each look, in their order")
    candidates = models.PositiveIntegerField()
    quote = models.JSONField(help_text="apps.pricing.quote.Quote.as_json")
    split = models.JSONField(help_text="who receives what of this version, in the minor unit")
    crew = models.JSONField(
        default=list, help_text="who of the crew is given what: bookings.crew_split.CrewShare.as_json of each"
    )
    fee_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    commission_bp = models.PositiveIntegerField(default=0, help_text="all commissions of this version together, of F")
    currency = models.CharField(max_length=3)
    memo_language = models.CharField(max_length=10)
    memo_text = models.TextField()
    memo_sha256 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="a proposal that will not be signed any more")

    class Meta:
        ordering = ["version"]
        verbose_name_plural = "terms"
        constraints = [
            models.UniqueConstraint(fields=["booking", "version"], name="terms_version_once"),
            models.CheckConstraint(condition=Q(total_minor__gt=0, fee_minor__gt=0), name="terms_have_a_price"),
            # New York Fashion Workers Act: the agencies of one booking take at most 20 % together.
            models.CheckConstraint(
                condition=Q(commission_bp__lte=HIGHEST_COMMISSION_BP), name="terms_commission_at_most_20_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking.code} v{self.version}"


class Approval(BaseModel):
    """One party's sealed answer to one version. Nobody else reads it before both are in and `opened_at` is set.

    A yes counts at once, a no when its ten minutes are over (`counts_from`); each can be taken back for ten minutes
    while unpaid. The talent's yes carries her signature over the deal memo.
    """

    class Side(models.TextChoices):
        TALENT = "talent", "Model"
        AGENCY = "agency", "Agency"

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        CONDITIONS = "conditions", "With conditions"

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="approvals")
    side = models.CharField(max_length=10, choices=Side.choices)
    party = models.CharField(max_length=80)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    conditions = models.JSONField(default=dict, blank=True)
    private_reason = models.CharField(max_length=500, blank=True, help_text="never shown to the brand")
    signature = models.OneToOneField(Signature, null=True, blank=True, on_delete=models.PROTECT)
    answered_by = models.UUIDField()
    answered_at = models.DateTimeField()
    counts_from = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["answer", "counts_from"])]
        constraints = [
            models.UniqueConstraint(
                fields=["terms", "side"], condition=Q(taken_back_at__isnull=True), name="approval_one_answer_per_side"
            ),
            models.CheckConstraint(
                condition=~Q(side="talent", answer="yes") | Q(signature__isnull=False),
                name="approval_talent_yes_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} on {self.terms}"
