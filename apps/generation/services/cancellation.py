"""Stopping work that nobody wants any more."""

from apps.generation.models import Attempt, Job, Voucher
from apps.generation.services.endings import fail
from apps.generation.states import State
from apps.integrations.gpu.engines import engine
from apps.integrations.gpu.errors import BadAnswer, UnknownJob, Unreachable
from apps.integrations.gpu.types import ErrorCode, RemoteHandle


def cancel_revoked(subject: str) -> None:
    """End every open job on a revoked voucher of this subject, and ask the engine to stop those that it has."""
    revoked = Attempt.objects.open().filter(job__voucher__subject=subject, job__voucher__state=Voucher.State.REVOKED)
    for attempt in revoked.with_job():
        _ask_to_stop(attempt)
        fail(
            attempt,
            code=ErrorCode.CANCELLED,
            message="The voucher was revoked.",
            retry=False,
            to=State.CANCELLED,
        )


def subjects_to_cancel() -> set[str]:
    """Bookings and versions whose voucher was revoked while jobs of it are still open: their message got lost."""
    jobs = Job.objects.open().filter(voucher__state=Voucher.State.REVOKED)
    return set(jobs.values_list("voucher__subject", flat=True))


def _ask_to_stop(attempt: Attempt) -> None:
    """A request, not a fact: the attempt ends here either way, and what still comes back is not fetched."""
    if not attempt.remote_id:
        return
    try:
        engine(attempt.engine).cancel(RemoteHandle(attempt.remote_id))
    except (Unreachable, UnknownJob, BadAnswer):
        return
