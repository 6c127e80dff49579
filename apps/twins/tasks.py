"""Looking at what she sent, and finding again what a lost message dropped.

The services queue these tasks and the tasks call the services: both import the other's module, never a name from it.
"""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.twins import services
from apps.twins.models import CaptureUpload

LATE = timedelta(seconds=30)


@shared_task
def look_at_upload(upload_id: str) -> None:
    services.look_at_upload(upload_id=UUID(upload_id))


@shared_task
def sweep() -> None:
    late = CaptureUpload.objects.filter(state="waiting", created_at__lte=timezone.now() - LATE)
    for pk in late.values_list("pk", flat=True)[:100]:
        look_at_upload.delay(str(pk))


@shared_task
def remind_of_best_before() -> None:
    services.remind(today=timezone.now().date())
