"""Thin tasks: load by id, call one service. What a lost one leaves undone, the sweep finds again."""

from celery import shared_task

from apps.generation import services
from apps.generation.models import Attempt, Job
from apps.twins.models import TwinVersion


@shared_task(acks_late=True, soft_time_limit=50, time_limit=60)
def submit_job(job_id: str) -> None:
    attempt = Attempt.objects.open().with_job().filter(job_id=job_id).first()
    if attempt is not None:
        services.submit(attempt)


@shared_task(acks_late=True, soft_time_limit=50, time_limit=60)
def poll_attempt(attempt_id: str) -> None:
    services.poll(Attempt.objects.with_job().get(pk=attempt_id))


@shared_task(acks_late=True, soft_time_limit=150, time_limit=170)
def ingest(attempt_id: str) -> None:
    services.ingest(Attempt.objects.with_job().get(pk=attempt_id))


@shared_task(acks_late=True, soft_time_limit=50, time_limit=60)
def announce(job_id: str) -> None:
    services.announce(Job.objects.get(pk=job_id))


@shared_task(acks_late=True, soft_time_limit=100, time_limit=120)
def cancel_revoked(subject: str) -> None:
    services.cancel_revoked(subject)


@shared_task(acks_late=True, soft_time_limit=50, time_limit=60)
def order_sheet(version_id: str) -> None:
    services.order_sheet(version=TwinVersion.objects.get(pk=version_id))


@shared_task(acks_late=True, soft_time_limit=20, time_limit=30)
def dispatch() -> None:
    services.dispatch()


@shared_task(acks_late=True, soft_time_limit=20, time_limit=30)
def sweep() -> None:
    services.sweep()
