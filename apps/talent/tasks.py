"""Work on mandates that nobody waits for."""

from celery import shared_task
from django.utils import timezone

from apps.talent.ending import remind


@shared_task
def remind_of_ends() -> None:
    remind(today=timezone.now().date())
