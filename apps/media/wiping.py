"""Removing the bytes of deleted files from the storage."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from apps.media import storage
from apps.media.models import StoredFile

# A younger deletion still has its own task under way.
LOST_AFTER = timedelta(minutes=10)


def wipe_bytes(file: StoredFile) -> None:
    """Remove the bytes of a deleted file and its renditions, then write down when. Can be repeated."""
    for made in file.renditions.all():
        storage.delete_bytes(made.storage_name)
    file.renditions.all().delete()
    storage.delete_bytes(file.storage_name)
    StoredFile.objects.filter(pk=file.pk, deleted_at__isnull=False, wiped_at=None).update(
        wash="", wiped_at=timezone.now()
    )


def to_wipe() -> QuerySet[StoredFile]:
    """Deleted files whose bytes should be gone by now and are not."""
    return StoredFile.objects.filter(deleted_at__lt=timezone.now() - LOST_AFTER, wiped_at=None)
