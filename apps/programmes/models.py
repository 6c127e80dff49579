"""A programme: one agency or brand invites many models to have their twins made, and pays for the making."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.common.models import BaseModel
from apps.common.money import Money
from apps.common.refs import ref
from apps.organizations.models import Organization
from apps.pricing.amounts import Amounts, amounts_from_json
from apps.royalties.split import Kind, Share
from apps.signatures.models import Signature
from apps.talent.models import HIGHEST_COMMISSION_BP, Talent

LONGEST_MANDATE_MONTHS = 36  # New York Fashion Workers Act: at most three years


class Programme(BaseModel):
    """Who pays for whose twins, at which day rate, until when.

    An agency may say once which mandate it proposes to everybody who says yes; each model still reads and signs, or
    refuses, her own. Ending it (`ended_at`) refunds every place whose twin was not approved by then.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=120)
    words = models.TextField(blank=True, help_text="what the invited read")
    day_rate_minor = models.BigIntegerField(help_text="B of the fee for making a twin, in minor units")
    currency = models.CharField(max_length=3)
    ends_on = models.DateField(help_text="last day; what is not approved by then is refunded")
    mandate_territories = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    mandate_commission_bp = models.PositiveIntegerField(null=True, blank=True)
    mandate_months = models.PositiveSmallIntegerField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="programmes_list"),
            models.Index(fields=["ends_on"], condition=Q(ended_at=None), name="programmes_to_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(day_rate_minor__gt=0), name="programme_day_rate_above_zero"),
            models.CheckConstraint(
                condition=Q(mandate_territories__len=0, mandate_commission_bp=None, mandate_months=None)
                | Q(
                    mandate_territories__len__gt=0,
                    mandate_commission_bp__lte=HIGHEST_COMMISSION_BP,
                    mandate_months__gte=1,
                    mandate_months__lte=LONGEST_MANDATE_MONTHS,
                ),
                name="programme_mandate_whole_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return ref("programme", self.pk)

    @property
    def proposes_a_mandate(self) -> bool:
        return self.mandate_months is not None

    def runs_on(self, day: date) -> bool:
        return self.ended_at is None and day <= self.ends_on


class Order(BaseModel):
    """What the organisation pays at once: the making of the twins of several places. Paid by one charge."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="orders")
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    vat_country = models.CharField(max_length=2)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(net_minor__gt=0, vat_minor__gte=0), name="programme_order_amounts"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(paid_at=None), name="programme_one_order_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Order of {self.programme}"

    @property
    def ref(self) -> str:
        return ref("order", self.pk)

    @property
    def total_minor(self) -> int:
        return self.net_minor + self.vat_minor


class Place(BaseModel):
    """One model's place in a programme.

    States: invited → accepted or declined; accepted → earned (her twin is approved and its making was paid), or left
    (by herself) or ended (by the programme's end), which refund what was paid. `amounts` and `shares` are frozen with
    her signature: what is paid for the making, and who gets what of it.
    """

    class State(models.TextChoices):
        INVITED = "invited", "Invited"
        ACCEPTED = "accepted", "Said yes"
        DECLINED = "declined", "Said no"
        LEFT = "left", "Left"
        ENDED = "ended", "Ended"
        EARNED = "earned", "Made and paid"

    OPEN = (State.INVITED, State.ACCEPTED)
    TAKEN = (State.ACCEPTED, State.EARNED)

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="places")
    email = models.EmailField("e-mail address", help_text="in lower case; whoever has proved it to be hers is asked")
    name = models.CharField(max_length=160)
    talent = models.ForeignKey(Talent, null=True, blank=True, on_delete=models.SET_NULL, related_name="places")
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    mailed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    signature = models.OneToOneField(Signature, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    amounts = models.JSONField(null=True, blank=True)
    shares = models.JSONField(default=list, blank=True)
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="places")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["programme", "name"], name="programme_places"),
            models.Index(fields=["email"], condition=Q(state="invited"), name="places_asked"),
            models.Index(fields=["created_at"], condition=Q(state="invited", mailed_at=None), name="places_unmailed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="place_email_lower_case"),
            models.UniqueConstraint(fields=["programme", "email"], name="place_once_per_address"),
            # Her twin is made once: two programmes cannot both pay for it.
            models.UniqueConstraint(
                fields=["talent"], condition=Q(state__in=["accepted", "earned"]), name="place_one_per_model"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "earned"])
                | Q(signature__isnull=False, amounts__isnull=False, answered_at__isnull=False),
                name="place_accepted_with_signature",
            ),
            models.CheckConstraint(
                condition=Q(order=None) | Q(amounts__isnull=False), name="place_ordered_with_its_price"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "accepted", "declined"], ended_at=None)
                | Q(state__in=["left", "ended", "earned"], ended_at__isnull=False),
                name="place_end_fits_its_state",
            ),
            models.CheckConstraint(condition=~Q(state="earned") | Q(order__isnull=False), name="place_earned_was_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.programme}"

    @property
    def ref(self) -> str:
        return ref("place", self.pk)

    @property
    def price(self) -> Amounts | None:
        """What is paid for the making, as she signed it."""
        return amounts_from_json(self.amounts) if self.amounts else None

    @property
    def receives(self) -> Money | None:
        """Her own part of it."""
        hers = [share for share in self.agreed_shares if share.kind == Kind.TALENT]
        return Money(hers[0].amount_minor, hers[0].currency) if hers else None

    @property
    def agreed_shares(self) -> list[Share]:
        return [Share(**share) for share in self.shares]
