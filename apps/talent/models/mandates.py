"""Who represents a model: signed mandates, and what is only proposed."""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from apps.common.models import BaseModel
from apps.common.territories import covers
from apps.organizations.models import Organization
from apps.signatures.models import Signature
from apps.talent.models.person import Talent

THREE_YEARS = Func(template="INTERVAL '3 years'", output_field=models.DurationField())
HIGHEST_COMMISSION_BP = 2_000  # New York Fashion Workers Act: at most 20 %
ONE_LOCAL_AGENCY = "mandate_one_local_agency_per_territory"
# Both are functions of the migration 0002: an index takes only expressions that never change their mind.
PLACES = Func(F("territories"), function="talent_places", output_field=models.TextField())
DAYS = Func(F("starts_on"), F("ends_on"), F("ended_on"), function="talent_days", output_field=DateRangeField())


def three_years_after(day: date) -> date:
    """As PostgreSQL counts: three years after 29 February is 28 February."""
    try:
        return day.replace(year=day.year + 3)
    except ValueError:
        return day.replace(year=day.year + 3, day=28)


class MandateQuerySet(models.QuerySet["Mandate"]):
    def running_on(self, day: date) -> "MandateQuerySet":
        """Those that represent on this day, given notice or not."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))


class Mandate(BaseModel):
    """A signed representation contract: talent × agency × kind × territories × commission × dates.

    At most three years and no silent renewal (New York Fashion Workers Act). `mother_bp` is the mother agency's part
    of F, inside the local agency's commission. What is only proposed stands in MandateProposal and binds nobody.
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
    ended_on = models.DateField(
        null=True, blank=True, help_text="first day on which it holds no more, where it was ended before its date"
    )
    reminded_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="how many days before its end both sides were last told of it"
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["talent", "starts_on", "ends_on"]), models.Index(fields=["agency", "ends_on"])]
        constraints = [
            ExclusionConstraint(
                name=ONE_LOCAL_AGENCY,
                expressions=[
                    ("talent", RangeOperators.EQUAL),
                    (PLACES, RangeOperators.OVERLAPS),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="local"),
            ),
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
        return self.starts_on <= day <= self.ends_on and (self.ended_on is None or day < self.ended_on)

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.ends_on if self.ended_on is None else min(self.ends_on, self.ended_on - timedelta(days=1))

    def holds_in(self, territories: list[str]) -> bool:
        return covers(self.territories, territories)


class MandateProposal(BaseModel):
    """What an agency offers a model. Binds nobody; her signature makes a Mandate of it.

    States: waiting → signed, refused (never with a reason) or taken back by the agency. Where `covers_twins` is asked,
    that is a second text with a signature of its own: `twins_answered_at` says when she answered, and
    `twins_signature` that it was a yes. The mandate is as it stands here but for its first day: it never
    begins before she has signed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for the model"
        SIGNED = "signed", "Signed"
        REFUSED = "refused", "Refused"
        TAKEN_BACK = "taken_back", "Taken back"

    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="mandate_proposals")
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="mandate_proposals")
    kind = models.CharField(max_length=10, choices=Mandate.Kind.choices, default=Mandate.Kind.LOCAL)
    covers_twins = models.BooleanField(default=False, help_text="whether she is asked for this as well, separately")
    territories = ArrayField(models.CharField(max_length=5))
    commission_bp = models.PositiveIntegerField()
    mother_bp = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    mandate = models.OneToOneField(Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="proposal")
    signature = models.OneToOneField(Signature, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    twins_answered_at = models.DateTimeField(null=True, blank=True)
    twins_signature = models.OneToOneField(Signature, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["talent", "state"]), models.Index(fields=["agency", "state"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="proposal_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ends_on__lt=F("starts_on") + THREE_YEARS), name="proposal_at_most_three_years"
            ),
            models.CheckConstraint(
                condition=Q(commission_bp__lte=HIGHEST_COMMISSION_BP), name="proposal_commission_at_most_20_percent"
            ),
            models.CheckConstraint(
                condition=Q(mother_bp__lte=F("commission_bp")), name="proposal_mother_inside_commission"
            ),
            models.CheckConstraint(
                condition=Q(state="signed", mandate__isnull=False, signature__isnull=False)
                | (~Q(state="signed") & Q(mandate=None, signature=None, twins_signature=None)),
                name="proposal_signed_has_a_signature",
            ),
            models.UniqueConstraint(
                fields=["talent", "agency", "kind"], condition=Q(state="waiting"), name="proposal_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} to {self.talent}: {self.get_state_display()}"

    @property
    def twins_wait(self) -> bool:
        """The mandate is signed, and whether it covers twins is not answered yet."""
        return self.state == self.State.SIGNED and self.covers_twins and self.twins_answered_at is None
