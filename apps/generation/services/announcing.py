"""Telling the apps above how a job ended, in a transaction of its own, until their work commits with it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.generation.events import authorisation_refused, candidate_ready, job_ended
from apps.generation.models import Job
from apps.generation.services.sheets import settle_sheet
from apps.generation.states import State

OVERDUE = timedelta(seconds=10)


@transaction.atomic
def announce(job: Job) -> None:
    """Send the news of an ended job once; that of a test picture settles its sheet instead.

    Whatever a receiver raises undoes this, and the sweep tries again.
    """
    waiting = Job.objects.filter(pk=job.pk, ended_at__isnull=False, announced_at=None)
    if not waiting.update(announced_at=timezone.now()):
        return
    job.refresh_from_db()
    if job.kind == Job.Kind.ENROL or Job.objects.filter(remake_of=job).exists():
        return
    if job.kind == Job.Kind.TEST:
        settle_sheet(version=job.version)
        return
    if job.state == State.SUCCEEDED:
        candidate_ready.send(sender=Job, candidate=job.candidate)
    elif job.refused:
        authorisation_refused.send(sender=Job, job=job, reason=job.error_code, message=job.error_message)
    else:
        job_ended.send(sender=Job, job=job)


def to_announce() -> QuerySet[Job]:
    """Ended jobs that nobody heard of although their message is long due."""
    return Job.objects.filter(ended_at__lt=timezone.now() - OVERDUE, announced_at=None)
