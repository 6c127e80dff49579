"""What a model takes away of her twin: one ZIP at a time, made when she asks for it, gone after a week."""

from django.db import models
from django.db.models import Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.media.models import StoredFile
from apps.twins.models import Twin


class Archive(BaseModel):
    """Photographs, what engines made of them, pictures, certificates and lists, sealed under the twin's key.

    GDPR art. 20: hers to take elsewhere, in a form that other programs read.
    """

    class State(models.TextChoices):
        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"
        DELETED = "deleted", "Deleted"

    twin = models.ForeignKey(Twin, on_delete=models.CASCADE, related_name="archives")
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAKING)
    language = models.CharField(max_length=10)
    tries = models.PositiveSmallIntegerField(default=0, help_text="how many workers began it")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="a worker is at it until then, or was killed")
    done = models.PositiveIntegerField(default=0, help_text="files that are in it already")
    total = models.PositiveIntegerField(default=0)
    file = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ready_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="deleted then")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="making"), name="archive_being_made"),
            models.Index(fields=["ends_at"], condition=Q(state="ready"), name="archive_to_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["twin"], condition=Q(state__in=["making", "ready"]), name="archive_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(file__isnull=False, ready_at__isnull=False, ends_at__isnull=False),
                name="archive_ready_with_its_end",
            ),
            models.CheckConstraint(
                condition=Q(state="deleted", deleted_at__isnull=False) | (~Q(state="deleted") & Q(deleted_at=None)),
                name="archive_deleted_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Archive of {self.twin.talent}"

    @property
    def ref(self) -> str:
        return ref("archive", self.pk)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
