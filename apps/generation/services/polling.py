"""Asking the engine how an attempt stands. The answer, never a notice, moves the attempt on."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.generation.enqueue import after_commit
from apps.generation.models import Attempt, Job
from apps.generation.moves import look_again, move
from apps.generation.services.endings import fail
from apps.generation.services.submission import accepted
from apps.generation.states import State
from apps.integrations.gpu.engines import engine
from apps.integrations.gpu.errors import BadAnswer, UnknownJob, Unreachable
from apps.integrations.gpu.types import ErrorCode, RemoteHandle, RemoteState, RemoteStatus

POLLS = (5, 10, 20, 40, 60)  # seconds until the next look at a picture; the last one repeats
ENROL_POLLS = (5, 30, 120, 300)
START_LIMIT = timedelta(minutes=15)  # from accepted to running: a cold start is slow
RUN_LIMITS = {
    Job.Kind.GENERATE: timedelta(minutes=10),
    Job.Kind.TEST: timedelta(minutes=10),
    Job.Kind.ENROL: timedelta(hours=2),
}


def poll(attempt: Attempt) -> None:
    """Entry: any state; nothing happens unless the engine may have the job. Exit: as far as the engine is."""
    if attempt.state in {State.SUBMITTING, State.SUBMIT_UNKNOWN}:
        _look_for(attempt)
    if attempt.state not in {State.QUEUED, State.RUNNING}:
        return
    try:
        state = engine(attempt.engine).fetch(RemoteHandle(attempt.remote_id))
    except (Unreachable, BadAnswer):
        _wait(attempt)
    except UnknownJob:
        fail(attempt, code=ErrorCode.PROVIDER, message="The GPU service does not know this job any more.", retry=True)
    else:
        _apply(attempt, state)


def _look_for(attempt: Attempt) -> None:
    """A notice came before the answer to our submission did."""
    try:
        handle = engine(attempt.engine).find_by_ref(attempt.ref)
    except (Unreachable, BadAnswer):
        return
    if handle is not None:
        accepted(attempt, handle)


def _apply(attempt: Attempt, state: RemoteState) -> None:
    if state.status == RemoteStatus.SUCCEEDED:
        _to_ingest(attempt, state)
    elif state.status == RemoteStatus.FAILED:
        code = state.error.code if state.error else ErrorCode.PROVIDER
        message = state.error.message if state.error else "The GPU service gave no reason."
        fail(attempt, code=code, message=message, retry=code.retryable)
    elif state.status == RemoteStatus.CANCELLED:
        fail(attempt, code=ErrorCode.CANCELLED, message="The job was cancelled.", retry=False, to=State.CANCELLED)
    else:
        if state.status == RemoteStatus.RUNNING and attempt.state == State.QUEUED:
            move(attempt, State.RUNNING, started_at=timezone.now())
        Attempt.objects.filter(pk=attempt.pk).update(progress=state.progress)
        _wait(attempt)


@transaction.atomic
def _to_ingest(attempt: Attempt, state: RemoteState) -> None:
    metrics = state.metrics
    moved = move(
        attempt,
        State.INGESTING,
        progress=1,
        next_poll_at=timezone.now(),
        started_at=attempt.started_at or timezone.now(),
        gpu_seconds=metrics.gpu_seconds,
        energy_wh=metrics.energy_wh,
        cost_minor=metrics.cost.amount_minor,
        cost_currency=metrics.cost.currency,
        report=dict(state.result),
    )
    if moved:
        after_commit("ingest", str(attempt.pk))
        after_commit("dispatch")  # its place at the engine is free


def _wait(attempt: Attempt) -> None:
    """Until the next look, or no longer: an attempt that takes too long is given up and asked to be stopped."""
    if timezone.now() >= _deadline(attempt):
        _stop_remote(attempt)
        fail(attempt, code=ErrorCode.TIMEOUT, message="It took too long.", retry=True, to=State.EXPIRED)
        return
    steps = ENROL_POLLS if attempt.job.kind == Job.Kind.ENROL else POLLS
    look_again(attempt, steps[min(attempt.polls, len(steps) - 1)], polls=attempt.polls + 1)


def _deadline(attempt: Attempt) -> datetime:
    if attempt.started_at:
        return attempt.started_at + RUN_LIMITS[Job.Kind(attempt.job.kind)]
    return (attempt.submitted_at or attempt.created_at) + START_LIMIT


def _stop_remote(attempt: Attempt) -> None:
    """A request, not a fact; an engine that cannot hear it ends the job by its own time limit."""
    try:
        engine(attempt.engine).cancel(RemoteHandle(attempt.remote_id))
    except (Unreachable, UnknownJob, BadAnswer):
        return
