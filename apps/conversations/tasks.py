"""Thin tasks: ids only; every one may run twice.

The services queue these tasks and the tasks call the services: both import the other's module, never a name from it.
"""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from apps.conversations import services
from apps.conversations.models import Attachment

LOST_AFTER = timedelta(minutes=1)
BATCH = 100


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def look_at(attachment_id: str) -> None:
    services.look_at(attachment_id=attachment_id)


@shared_task
def tell() -> None:
    services.tell_due()


@shared_task
def sweep() -> None:
    """Attachments whose message to the worker was lost."""
    waiting = Attachment.objects.filter(state=Attachment.State.WAITING, message__deleted_at=None)
    for pk in waiting.filter(created_at__lt=timezone.now() - LOST_AFTER).values_list("pk", flat=True)[:BATCH]:
        look_at.delay(str(pk))
