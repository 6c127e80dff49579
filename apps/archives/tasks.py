"""Making archives and deleting old ones. The services queue these tasks and the tasks call the services: both import
the other's module, never a name from it."""

from uuid import UUID

from celery import shared_task

from apps.archives import licence_packs, services

AT_ONCE = 50


@shared_task(acks_late=True, soft_time_limit=780, time_limit=840)
def make_archive(archive_id: str) -> None:
    services.make(archive_id=UUID(archive_id))


@shared_task(acks_late=True, soft_time_limit=780, time_limit=840)
def make_licence_pack(pack_id: str) -> None:
    licence_packs.make(pack_id=UUID(pack_id))


@shared_task
def sweep() -> None:
    for pk in licence_packs.left_behind().values_list("pk", flat=True)[:AT_ONCE]:
        make_licence_pack.delay(str(pk))
    for pk in services.left_behind().values_list("pk", flat=True)[:AT_ONCE]:
        make_archive.delay(str(pk))


@shared_task
def expire() -> None:
    services.expire()
    licence_packs.expire()
