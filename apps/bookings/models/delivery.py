"""What becomes of the candidates: the model's answer, the brand's choice, the released file, the licence."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.bookings.models.booking import Booking, Look, new_code
from apps.bookings.querysets import LicenceQuerySet
from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.generation.models import Candidate
from apps.media.models import StoredFile
from apps.organizations.models import Organization
from apps.twins.models import Twin


class Review(BaseModel):
    """One checked candidate before the model, then before the brand. The brand sees only what she passed."""

    class Decision(models.TextChoices):
        WAITING = "waiting", "Waits for the model"
        PASSED = "passed", "Passed by the model"
        REJECTED = "rejected", "Rejected by the model"
        UNANSWERED = "unanswered", "Not answered in time"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="reviews")
    look = models.ForeignKey(Look, on_delete=models.PROTECT, related_name="reviews")
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="review")
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING)
    deadline_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True, help_text="when she first opened it at full size")
    advice_asked_at = models.DateTimeField(null=True, blank=True, help_text="since when her agency sees it too")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="hers; never shown to the brand")
    selected_at = models.DateTimeField(null=True, blank=True)
    selected_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["booking", "decision"]), models.Index(fields=["decision", "deadline_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(selected_at__isnull=True) | Q(decision="passed"), name="review_only_passed_is_selected"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["waiting", "unanswered"], decided_by__isnull=True)
                | Q(decision__in=["passed", "rejected"], decided_by__isnull=False, decided_at__isnull=False),
                name="review_decision_has_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.look}: {self.get_decision_display()}"


class Licence(BaseModel):
    """What the brand may do with the deliverables. Dates in UTC, inclusive."""

    class State(models.TextChoices):
        PENDING = "pending", "Being prepared"
        ACTIVE = "active", "Active"
        EXPIRED = "expired", "Expired"
        RENEWED = "renewed", "Renewed"
        REVOKED = "revoked", "Revoked"

    code = models.CharField(max_length=7, unique=True, default=new_code, editable=False)
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="licence")
    brand = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="licences")
    twin = models.ForeignKey(Twin, on_delete=models.PROTECT, related_name="licences")
    media = ArrayField(models.CharField(max_length=20))
    territories = ArrayField(models.CharField(max_length=5))
    category = models.CharField(max_length=20)
    exclusivity = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    credited_days = models.PositiveSmallIntegerField(
        default=0, help_text="agreed, and given back in money: delivery was late and the calendar had no room"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    noticed_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="of the last notice of its end")
    cut_on = models.DateField(null=True, blank=True, help_text="its last day since publish was withdrawn")
    refunded_at = models.DateTimeField(null=True, blank=True, help_text="the unused usage went back then")

    objects = LicenceQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on"]
        indexes = [
            models.Index(fields=["brand", "state", "ends_on"]),
            models.Index(fields=["twin", "state", "ends_on"]),
            models.Index(fields=["state", "ends_on"]),
            models.Index(fields=["cut_on"], condition=Q(cut_on__isnull=False), name="licence_cut_short"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="licence_ends_after_start"),
            models.CheckConstraint(condition=Q(cut_on=None) | Q(cut_on__lte=F("ends_on")), name="licence_cut_is_early"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def ref(self) -> str:
        return ref("licence", self.pk)

    @property
    def last_day(self) -> date:
        """Inclusive; earlier than agreed where the model withdrew publish."""
        return self.cut_on or self.ends_on

    def runs_on(self, day: date) -> bool:
        return self.state == self.State.ACTIVE and self.starts_on <= day <= self.last_day


class Deliverable(BaseModel):
    """A released, labelled picture under a licence: one file per (picture, label, format)."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="deliverables")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="deliverables")
    label = models.CharField(max_length=20)
    format = models.CharField(max_length=10, default="jpeg")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="deliverable")
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "review", "label", "format"], name="deliverable_one_file_per_label_and_format"
            )
        ]

    def __str__(self) -> str:
        return f"{self.licence.code}: {self.review.look}"

    @property
    def ref(self) -> str:
        return ref("deliverable", self.pk)


class Download(BaseModel):
    """Somebody took a deliverable. The model can read who and when."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    party = models.CharField(max_length=80)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["deliverable", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.deliverable} at {self.created_at:%Y-%m-%d %H:%M}"
