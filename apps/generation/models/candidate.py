"""A picture that came back and is not yet released."""

from django.db import models
from django.db.models import Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.generation.models.work import Attempt, Job
from apps.media.models import StoredFile
from apps.twins.models import Twin


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def of_booking(self, booking_ref: str) -> "CandidateQuerySet":
        return self.filter(job__voucher__subject=booking_ref)

    def of_sheets_of(self, twin: Twin) -> "CandidateQuerySet":
        """Pictures of the twin's test sheets, as far as the model may look at them and did not reject them."""
        return self.filter(job__kind=Job.Kind.TEST, job__version__twin=twin, file__deleted_at=None).shown()

    def shown(self) -> "CandidateQuerySet":
        """Those that the model may look at: nothing a check stopped."""
        return self.filter(state__in=Candidate.SHOWN)

    def with_file(self) -> "CandidateQuerySet":
        return self.select_related("file", "job")


class Candidate(BaseModel):
    """One picture with what the likeness guard found. What people decide about it is kept with the booking."""

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        NEEDS_PERSON = "needs_person", "A person must look"
        REFUSED = "refused", "Stopped by a check"

    class Verdict(models.TextChoices):
        PASSED = "passed", "This is the model"
        NEEDS_PERSON = "needs_person", "Perhaps the model"
        FAILED = "failed", "Not the model, or not only"
        NOT_CHECKABLE = "not_checkable", "No face to check"
        BARRED = "barred", "Intimate"

    SHOWN = (State.CHECKED, State.NEEDS_PERSON)

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="candidate")
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="candidate")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.CHECKING)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    likeness = models.FloatField(null=True, blank=True, help_text="cosine to the middle of the capture set")
    nearest_reference = models.FloatField(null=True, blank=True, help_text="cosine to the most similar photograph")
    nearest_other = models.FloatField(null=True, blank=True, help_text="cosine to the most similar other twin")
    findings = models.JSONField(default=list, blank=True, help_text="what the guard saw, in words")

    objects = CandidateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="checking", verdict="")
                | Q(state="checked", verdict="passed")
                | Q(state="needs_person", verdict="needs_person")
                | Q(state="refused", verdict__in=["failed", "not_checkable", "barred"]),
                name="candidate_state_follows_verdict",
            ),
        ]

    def __str__(self) -> str:
        return f"Candidate {self.pk}"

    @property
    def ref(self) -> str:
        return ref("candidate", self.pk)
