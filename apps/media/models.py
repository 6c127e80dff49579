"""Stored files, their renditions, and the key of each twin.

A file's row outlives its bytes: `deleted_at` says that nobody may have it any more, `wiped_at` that the bytes are gone.
"""

from django.db import models
from django.db.models import Q

from apps.common.models import BaseModel


class StoredFile(BaseModel):
    """One private file. `sha256` and `size` are those of the plain bytes, also when they rest encrypted."""

    kind = models.CharField(max_length=40, db_index=True)
    owner = models.CharField("owning party", max_length=80, db_index=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("size in bytes")
    content_type = models.CharField(max_length=80)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    encrypted = models.BooleanField(default=False)
    in_pieces = models.BooleanField(
        "sealed piece by piece", default=False, help_text="too large to be held in memory at once"
    )
    twin_ref = models.CharField("twin whose key encrypts it", max_length=80, blank=True, db_index=True)
    storage_name = models.CharField(max_length=200, unique=True)
    wash = models.CharField(
        "its colours", max_length=400, blank=True, help_text="four by five pixels in base64, shown until it has loaded"
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField("bytes gone at", null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(encrypted=False, twin_ref="") | (Q(encrypted=True) & ~Q(twin_ref="")),
                name="file_encrypted_for_a_twin",
            ),
            models.CheckConstraint(
                condition=Q(in_pieces=False) | Q(encrypted=True), name="file_in_pieces_is_encrypted"
            ),
            models.CheckConstraint(
                condition=Q(wiped_at=None) | Q(deleted_at__isnull=False), name="file_wiped_only_when_deleted"
            ),
        ]
        indexes = [
            models.Index(
                fields=["deleted_at"], name="file_to_wipe", condition=Q(deleted_at__isnull=False, wiped_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_picture(self) -> bool:
        return self.width is not None


class Rendition(BaseModel):
    """A smaller WebP or AVIF of a picture; encrypted whenever the picture is."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField("size in bytes")
    storage_name = models.CharField(max_length=200, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "name"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.file_id}"


class TwinKey(BaseModel):
    """The data key of one twin, wrapped by the master key. Destroyed, it takes everything it encrypted with it."""

    twin_ref = models.CharField(max_length=80, unique=True)
    wrapped = models.BinaryField()
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None, wrapped__gt=b"") | Q(destroyed_at__isnull=False, wrapped=b""),
                name="twin_key_destroyed_is_empty",
            )
        ]

    def __str__(self) -> str:
        return f"key of {self.twin_ref}"
