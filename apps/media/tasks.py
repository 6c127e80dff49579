"""Work on files that nobody waits for. Each task can be repeated; the sweep finds what a lost message dropped."""

from celery import shared_task
from django.core.cache import cache

from apps.media import incoming
from apps.media.models import StoredFile
from apps.media.renditions import AS_AVIF, FOR_LINKS, MADE_AHEAD, make_all
from apps.media.wiping import to_wipe, wipe_bytes

ASKED_ONCE_IN = 600  # seconds


@shared_task
def make_renditions(file_id: str) -> None:
    """Lost or failed, it costs only the first viewer's patience: the file view makes what is missing."""
    file = StoredFile.objects.filter(pk=file_id, deleted_at=None).first()
    if file:
        make_all(file, MADE_AHEAD)


@shared_task
def make_shared(file_id: str) -> None:
    """What a link shows; lost or failed, the first who opens it waits for it."""
    file = StoredFile.objects.filter(pk=file_id, deleted_at=None).first()
    if file:
        make_all(file, FOR_LINKS)


def want_avif(file: StoredFile, name: str) -> None:
    """Somebody looks at this rendition and could take an AVIF: have one made for the next look, once."""
    if name in AS_AVIF and cache.add(f"avif:{file.pk}:{name}", 1, timeout=ASKED_ONCE_IN):
        make_avif.delay(str(file.pk), name)


@shared_task
def make_avif(file_id: str, name: str) -> None:
    """Lost or failed, the WebP goes on being shown."""
    file = StoredFile.objects.filter(pk=file_id, deleted_at=None).first()
    if file:
        make_all(file, [AS_AVIF[name]])


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def wipe(file_id: str) -> None:
    wipe_bytes(StoredFile.objects.get(pk=file_id))


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def wipe_all_of(twin_ref: str) -> None:
    for file in StoredFile.objects.filter(twin_ref=twin_ref, deleted_at__isnull=False, wiped_at=None):
        wipe_bytes(file)


@shared_task
def drop_forgotten() -> None:
    incoming.drop_forgotten()


@shared_task
def sweep() -> None:
    for file in to_wipe():
        wipe.delay(str(file.pk))
