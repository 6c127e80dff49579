"""The models (in code: talent), their standing rules, their agencies, and what they are bound to elsewhere."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Func, Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.common.territories import covers
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.organizations.models import Organization

ADULT = 18
LONGEST_WINDOW_MONTHS = 120  # NO FAKES: a licence of at most ten years
THREE_YEARS = Func(template="INTERVAL '3 years'", output_field=models.DurationField())
HIGHEST_COMMISSION_BP = 2_000  # New York Fashion Workers Act: at most 20 %


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Board(models.TextChoices):
    WOMEN = "women", "Women"
    MEN = "men", "Men"
    OPEN = "open", "Open"


class Talent(BaseModel):
    """A human being who may own a twin. Adults only: see the check in services."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="talent"
    )
    stage_name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    birth_date = models.DateField()
    country = models.CharField(max_length=2)
    board = models.CharField(max_length=10, choices=Board.choices, default=Board.WOMEN)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    height_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    bust_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    waist_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    hips_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    shoe_eu = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    hair = models.CharField(max_length=40, blank=True)
    eyes = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=300, blank=True)
    synthetic = models.BooleanField(default=False, help_text="part of the demonstration; nobody real")

    class Meta:
        ordering = ["stage_name"]
        verbose_name_plural = "talent"
        indexes = [models.Index(fields=["board", "stage_name"])]

    def __str__(self) -> str:
        return self.stage_name

    @property
    def party(self) -> str:
        return ref("talent", self.pk)


class Boundaries(BaseModel):
    """The talent's standing rules. They bind every request, and are looked at again before every GPU call."""

    talent = models.OneToOneField(Talent, on_delete=models.CASCADE, related_name="boundaries")
    barred_categories = ArrayField(models.CharField(max_length=20, choices=Category.choices), default=list, blank=True)
    barred_brands = models.ManyToManyField(Organization, blank=True, related_name="barred_by")
    barred_media = ArrayField(models.CharField(max_length=20, choices=Medium.choices), default=list, blank=True)
    barred_territories = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    longest_window_months = models.PositiveSmallIntegerField(default=24)
    lowest_fee_minor = models.BigIntegerField(default=0, help_text="F, in the minor unit of the day rate's currency")

    class Meta:
        verbose_name_plural = "boundaries"
        constraints = [
            models.CheckConstraint(
                condition=Q(longest_window_months__gte=1, longest_window_months__lte=LONGEST_WINDOW_MONTHS),
                name="boundaries_window_within_ten_years",
            ),
            models.CheckConstraint(condition=Q(lowest_fee_minor__gte=0), name="boundaries_fee_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Boundaries of {self.talent}"


class Mandate(BaseModel):
    """A signed representation contract: talent × agency × kind × territories × commission × dates.

    At most three years and no silent renewal (New York Fashion Workers Act). `mother_bp` is the mother agency's part
    of F, inside the local agency's commission.
    """

    class Kind(models.TextChoices):
        LOCAL = "local", "Local agency"
        MOTHER = "mother", "Mother agency"

    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="mandates")
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="mandates")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LOCAL)
    covers_twins = models.BooleanField(default=False, help_text="signed separately from the mandate itself")
    territories = ArrayField(models.CharField(max_length=5))
    commission_bp = models.PositiveIntegerField(default=2_000)
    mother_bp = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="when it was ended before its date")

    class Meta:
        indexes = [models.Index(fields=["talent", "starts_on", "ends_on"]), models.Index(fields=["agency", "ends_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="mandate_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ends_on__lt=F("starts_on") + THREE_YEARS),
                name="mandate_at_most_three_years",
            ),
            models.CheckConstraint(
                condition=Q(commission_bp__lte=HIGHEST_COMMISSION_BP), name="mandate_commission_at_most_20_percent"
            ),
            models.CheckConstraint(
                condition=Q(mother_bp__lte=F("commission_bp")), name="mandate_mother_inside_commission"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} for {self.talent} ({self.get_kind_display()})"

    def runs_on(self, day: date) -> bool:
        return self.starts_on <= day <= (self.ended_on or self.ends_on)

    def holds_in(self, territories: list[str]) -> bool:
        return covers(self.territories, territories)


class OutsideCommitment(BaseModel):
    """An exclusivity signed elsewhere. It blocks like one of our own."""

    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="outside_commitments")
    entered_by = models.CharField(max_length=80, help_text="party that entered it")
    exclusivity = models.CharField(max_length=10, choices=Exclusivity.choices, default=Exclusivity.CATEGORY)
    category = models.CharField(max_length=20, choices=Category.choices)
    territories = ArrayField(models.CharField(max_length=5))
    window = DateRangeField()
    note = models.CharField(max_length=200, blank=True, help_text="private to the agency and the model")

    class Meta:
        indexes = [models.Index(fields=["talent"])]
        constraints = [
            models.CheckConstraint(condition=Q(window__isempty=False), name="outside_commitment_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.talent}: {self.get_category_display()} elsewhere"
