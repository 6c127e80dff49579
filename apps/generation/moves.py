"""The only writers of a job's and an attempt's state. Every move is a compare-and-set along the table in states.py."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.generation.models import Attempt, Job
from apps.generation.states import ATTEMPT_MOVES, ENDED, JOB_MOVES, State


@transaction.atomic
def move(attempt: Attempt, to: State, **fields: Any) -> bool:
    """Bring the attempt, and its job with it, one state further. False when somebody else was quicker.

    Ends are not moved here but by services.endings, which settles the voucher and the job too.
    """
    if to in ENDED:
        raise ValueError(f"{to} is an end")
    moved = Attempt.objects.filter(pk=attempt.pk, state__in=ATTEMPT_MOVES[to]).update(state=to, **fields)
    if moved:
        Job.objects.filter(pk=attempt.job_id, state__in=JOB_MOVES[to]).update(state=to)
        _refresh(attempt, "state", *fields)
    return bool(moved)


def end_attempt(attempt: Attempt, to: State, **fields: Any) -> bool:
    """Bring the attempt to its end; False when it had one."""
    open_one = Attempt.objects.filter(pk=attempt.pk, state__in=ATTEMPT_MOVES[to])
    ended = open_one.update(state=to, ended_at=timezone.now(), next_poll_at=None, **fields)
    if ended:
        _refresh(attempt, "state", "ended_at", "next_poll_at", *fields)
    return bool(ended)


def end_job(job: Job, to: State, **fields: Any) -> bool:
    """Bring the job to its end; False when it had one."""
    ended = Job.objects.filter(pk=job.pk, state__in=JOB_MOVES[to]).update(state=to, ended_at=timezone.now(), **fields)
    if ended:
        job.refresh_from_db(fields=["state", "ended_at", *fields])
    return bool(ended)


def look_again(attempt: Attempt, seconds: float, **fields: Any) -> None:
    """When the sweep shall look after an open attempt next."""
    due = timezone.now() + timedelta(seconds=seconds)
    Attempt.objects.open().filter(pk=attempt.pk).update(next_poll_at=due, **fields)


def claim(attempt: Attempt, *, seconds: float) -> bool:
    """Take a due attempt for this worker alone for so long; False when another has it or it is not due."""
    now = timezone.now()
    due = Attempt.objects.open().filter(pk=attempt.pk, next_poll_at__lte=now)
    return bool(due.update(next_poll_at=now + timedelta(seconds=seconds)))


def _refresh(attempt: Attempt, *fields: str) -> None:
    attempt.refresh_from_db(fields=list(fields))
