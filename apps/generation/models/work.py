"""Jobs, the attempts at them, and the notices that arrived about them."""

import secrets

from django.db import models
from django.db.models import Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.generation.models.voucher import Voucher
from apps.generation.states import IN_FLIGHT, OPEN, State
from apps.integrations.gpu.engines import DEFAULT
from apps.twins.models import TwinVersion

TOKEN_BYTES = 32


def webhook_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


class JobQuerySet(models.QuerySet["Job"]):
    def of_booking(self, booking_ref: str) -> "JobQuerySet":
        return self.filter(voucher__subject=booking_ref)

    def of_sheet(self, version: TwinVersion) -> "JobQuerySet":
        return self.filter(version=version, kind=Job.Kind.TEST)

    def open(self) -> "JobQuerySet":
        return self.filter(state__in=OPEN)


class Job(BaseModel):
    """One unit of GPU work: one candidate of one look, the enrolment of one version of a twin, or one test picture."""

    class Kind(models.TextChoices):
        GENERATE = "generate", "Picture"
        ENROL = "enrol", "Enrolment"
        TEST = "test", "Test picture"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    voucher = models.ForeignKey(Voucher, null=True, blank=True, on_delete=models.PROTECT, related_name="jobs")
    version = models.ForeignKey(TwinVersion, on_delete=models.PROTECT, related_name="jobs")
    look_ref = models.CharField(max_length=80, blank=True)
    spec = models.JSONField(default=dict, help_text="what to make; see generation.spec")
    state = models.CharField(max_length=20, choices=State.choices, default=State.CREATED)
    remake_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="remade_as",
        help_text="the job whose picture a check stopped",
    )  # fmt: skip
    remakes = models.PositiveSmallIntegerField(default=0, help_text="how many pictures of this one were stopped before")
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=300, blank=True)
    refused = models.BooleanField(default=False, help_text="a rule forbade the GPU call; error_code names it")
    ended_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True, help_text="when the apps above were told of its end")

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["voucher", "look_ref"]),
            models.Index(fields=["created_at"], name="job_open", condition=Q(ended_at=None)),
            models.Index(
                fields=["ended_at"], name="job_to_announce", condition=Q(ended_at__isnull=False, announced_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["generate", "test"], voucher__isnull=False) | Q(kind="enrol", voucher=None),
                name="job_picture_needs_a_voucher",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=OPEN) | Q(ended_at__isnull=False) & ~Q(state__in=OPEN),
                name="job_ended_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def ref(self) -> str:
        return ref("job", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> "AttemptQuerySet":
        return self.filter(state__in=OPEN)

    def in_flight(self, engine: str) -> "AttemptQuerySet":
        return self.filter(state__in=IN_FLIGHT, engine=engine)

    def with_job(self) -> "AttemptQuerySet":
        return self.select_related("job__version__twin__talent", "job__voucher")


class Attempt(BaseModel):
    """One try at a job with one engine. Its id is the idempotency key and our name for it at the engine."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    engine = models.CharField(max_length=20, default=DEFAULT)
    state = models.CharField(max_length=20, choices=State.choices, default=State.CREATED)
    webhook_token = models.CharField(max_length=64, unique=True, default=webhook_token)
    remote_id = models.CharField(max_length=100, blank=True)
    holds_candidate = models.BooleanField(default=False, help_text="one candidate of the voucher is taken for it")
    progress = models.FloatField(default=0)
    polls = models.PositiveIntegerField(default=0)
    next_poll_at = models.DateTimeField(null=True, blank=True, help_text="when the sweep looks after it again")
    submitted_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=300, blank=True)
    # What the engine reported about the work; empty where it reported nothing.
    gpu_seconds = models.FloatField(null=True, blank=True)
    energy_wh = models.FloatField(null=True, blank=True)
    cost_minor = models.BigIntegerField(null=True, blank=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    report = models.JSONField(default=dict, blank=True, help_text="the engine's own account of the result")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["next_poll_at"], name="attempt_due", condition=Q(ended_at=None)),
            models.Index(fields=["engine", "state"], name="attempt_in_flight", condition=Q(ended_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["job"], condition=Q(ended_at=None), name="attempt_one_open_per_job"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="attempt_at_most_three"),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=OPEN) | Q(ended_at__isnull=False) & ~Q(state__in=OPEN),
                name="attempt_ended_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number} at {self.job_id}"

    @property
    def ref(self) -> str:
        return ref("attempt", self.pk)


class WebhookReceipt(models.Model):
    """A notice that was taken. Its id is unique, so that the same one delivered again is dropped."""

    event_id = models.CharField(max_length=200, unique=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="webhooks")
    type = models.CharField(max_length=40)
    received_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.event_id
