"""What each party was promised and has earned, and the closed statements.

Frozen at agreement. The database holds that the parts add up, that the commissions of one booking are at most 20 %
and that nothing of it changes later but the one step from agreed to earned or lapsed (migration 0002).
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from apps.common.models import BaseModel
from apps.royalties.split import Kind, Reason
from apps.talent.models import HIGHEST_COMMISSION_BP

PAYEES = [choice for choice in Kind.choices if choice[0] != Kind.VAT]
EARNINGS = [choice for choice in Reason.choices if choice[0] != Reason.VAT]
_ENTRIES = Func(
    F("first_entry"), F("last_entry") + 1, Value("[)"), function="int8range", output_field=BigIntegerRangeField()
)


class Split(BaseModel):
    """The sums of one charge as they were agreed: what the royalties of the charge must add up to."""

    charge_ref = models.CharField(max_length=80, unique=True)
    currency = models.CharField(max_length=3)
    fee_minor = models.BigIntegerField()
    service_minor = models.BigIntegerField()
    platform_minor = models.BigIntegerField()
    crew_minor = models.BigIntegerField(default=0, help_text="given to the crew on top of the fee")
    vat_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    commission_bp = models.PositiveIntegerField(help_text="all commissions together, of the fee")
    agreed_by = models.CharField(max_length=160)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"])]
        constraints = [
            # New York Fashion Workers Act: commissions of one booking are at most 20 %.
            models.CheckConstraint(
                condition=Q(commission_bp__lte=HIGHEST_COMMISSION_BP), name="split_commission_at_most_20_percent"
            ),
            models.CheckConstraint(
                condition=Q(
                    fee_minor__gt=0, service_minor__gte=0, platform_minor__gte=0, crew_minor__gte=0, vat_minor__gte=0
                ),
                name="split_amounts_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("fee_minor")
                    + F("service_minor")
                    + F("platform_minor")
                    + F("crew_minor")
                    + F("vat_minor")
                ),
                name="split_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.charge_ref

    @property
    def net_minor(self) -> int:
        return self.total_minor - self.vat_minor


class Royalty(BaseModel):
    """One party's part of one line of a charge. VAT is none: it is a liability, not a share."""

    class State(models.TextChoices):
        AGREED = "agreed", "Agreed"
        EARNED = "earned", "Earned"
        LAPSED = "lapsed", "Lapsed"

    charge_ref = models.CharField(max_length=80)
    party = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=PAYEES)
    reason = models.CharField(max_length=20, choices=EARNINGS)
    rate_bp = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.AGREED)
    earned_minor = models.BigIntegerField(null=True, blank=True, help_text="less than agreed after a partial refund")
    earned_on = models.DateField(null=True, blank=True, help_text="delivery or closing; the 45 days run from here")

    class Meta:
        ordering = ["charge_ref", "kind", "reason"]
        verbose_name_plural = "royalties"
        indexes = [
            models.Index(fields=["party", "state", "-earned_on"]),
            models.Index(fields=["state", "-created_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["charge_ref", "party", "kind", "reason"], name="royalty_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="royalty_above_zero"),
            models.CheckConstraint(
                condition=Q(earned_minor__isnull=True) | Q(earned_minor__gte=0, earned_minor__lte=F("amount_minor")),
                name="royalty_earned_within_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state="agreed", earned_minor__isnull=True, earned_on__isnull=True)
                | Q(state="earned", earned_minor__gt=0, earned_on__isnull=False)
                | Q(state="lapsed", earned_minor=0, earned_on__isnull=False),
                name="royalty_state_fits_its_fields",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.reason} of {self.charge_ref}"


class Statement(BaseModel):
    """A closed month of one party in one currency: the entries from one position of its account to another.

    Amounts from the party's side: what it has coming is positive. `opening` is the closing of the month before.
    """

    party = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    period = models.DateField(help_text="first day of the month")
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    opening = models.BigIntegerField()
    closing = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    closed_by = models.CharField(max_length=160)

    class Meta:
        ordering = ["-period", "party", "currency"]
        indexes = [models.Index(fields=["-period", "party"])]
        constraints = [
            models.UniqueConstraint(fields=["party", "currency", "period"], name="statement_once"),
            ExclusionConstraint(
                name="statement_each_entry_once",
                expressions=[
                    ("party", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    (_ENTRIES, RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(first_entry__gte=1, last_entry__gte=F("first_entry") - 1), name="statement_entries_in_order"
            ),
            models.CheckConstraint(condition=Q(period__day=1), name="statement_of_a_whole_month"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.period:%Y-%m} {self.currency}"
