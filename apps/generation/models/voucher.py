"""The signed permission for a number of pictures; no voucher, no GPU call."""

from django.db import models
from django.db.models import F, Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.twins.models import Twin


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def about(self, subject: str) -> "VoucherQuerySet":
        return self.filter(subject=subject)

    def take(self, voucher: "Voucher") -> bool:
        """Use one candidate; False when all are used or the voucher was revoked. One statement: no race is lost."""
        free = self.filter(pk=voucher.pk, state=Voucher.State.ACTIVE, used__lt=F("candidates"))
        return free.update(used=F("used") + 1) == 1

    def give_back(self, voucher: "Voucher", *, made: bool) -> None:
        """Undo one take. `made`: a picture came back and a check stopped it, so that the service counted it."""
        self.filter(pk=voucher.pk).update(used=F("used") - 1, stopped=F("stopped") + int(made))


class Voucher(BaseModel):
    """For one twin and one subject: a booking, or the version whose test sheet is made.

    `pictures` are wanted, `candidates` may be made to choose them from. `scope` is frozen at issue: what the parties
    agreed (generation.scope), or the pictures of the sheet (generation.sheet). `token` carries its hash, signed.
    """

    class Purpose(models.TextChoices):
        GENERATE = "generate", "Pictures of a booking"
        TRAIN = "train", "Test sheet of a version"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        REVOKED = "revoked", "Revoked"

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    subject = models.CharField(max_length=80, help_text="the booking, or the version of the twin")
    twin = models.ForeignKey(Twin, on_delete=models.PROTECT, related_name="vouchers")
    pictures = models.PositiveIntegerField()
    candidates = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0, help_text="pictures made that a check stopped; not in used")
    scope = models.JSONField()
    ends = models.DateTimeField()
    token = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("candidates")), name="voucher_used_within_candidates"
            ),
            models.CheckConstraint(
                condition=Q(pictures__gte=1, candidates__gte=F("pictures")), name="voucher_candidates_cover_pictures"
            ),
            models.CheckConstraint(
                condition=Q(state="active", revoked_at=None) | Q(state="revoked", revoked_at__isnull=False),
                name="voucher_revoked_with_time",
            ),
            models.UniqueConstraint(fields=["subject"], condition=Q(state="active"), name="voucher_one_per_subject"),
            models.CheckConstraint(
                condition=Q(purpose="generate", subject__startswith="booking:")
                | Q(purpose="train", subject__startswith="version:"),
                name="voucher_subject_follows_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"Voucher for {self.subject}"

    @property
    def ref(self) -> str:
        return ref("voucher", self.pk)

    @property
    def left(self) -> int:
        """Candidates that may still be made."""
        return self.candidates - self.used
