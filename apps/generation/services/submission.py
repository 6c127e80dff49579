"""Handing an attempt to the GPU engine: authorised and recorded first, committed, then sent, never blindly twice."""

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.generation.authorisation import Refusal, refusal
from apps.generation.models import Attempt, Voucher
from apps.generation.moves import claim, look_again, move
from apps.generation.selectors import free_places
from apps.generation.services.endings import fail, refuse
from apps.generation.spec import job_spec
from apps.generation.states import State
from apps.integrations.gpu.engines import engine
from apps.integrations.gpu.errors import BadAnswer, Rejected, SubmitUnknown, Unreachable
from apps.integrations.gpu.types import ErrorCode, RemoteHandle

LEASE = 60  # seconds in which a worker hands over, or is taken for dead; connecting and reading take 35 at most
FIRST_POLL = 5
MOST_UNKNOWN = 5  # times that a submission may stay without a clear answer
WAIT_FOR_PLACE = 5
PLACES_LOCK = 7_701_002  # advisory lock: workers take places at an engine one after another


def submit(attempt: Attempt) -> None:
    """Bring a due attempt to the engine.

    Entry: created, or left behind while it was being handed over. Exit: queued; or failed because a rule or the engine
    refused it; or unchanged and due again later.
    """
    if not claim(attempt, seconds=LEASE):
        return
    if attempt.state == State.CREATED:
        if _authorise(attempt, first=True):
            _hand_over(attempt)
    elif attempt.state in {State.SUBMITTING, State.SUBMIT_UNKNOWN}:
        _resume(attempt)


def accepted(attempt: Attempt, handle: RemoteHandle) -> None:
    """The engine has the job. Exit: queued, unless a quicker worker already saw it further on."""
    move(attempt, State.QUEUED, remote_id=handle.id, submitted_at=timezone.now(), polls=0)
    look_again(attempt, FIRST_POLL)


def _resume(attempt: Attempt) -> None:
    """A worker died or lost the answer: the engine may have the job. Only when it does not is it sent again, with the
    same key, so that even a submission still under way makes no second job."""
    try:
        handle = engine(attempt.engine).find_by_ref(attempt.ref)
    except Unreachable as error:
        look_again(attempt, error.retry_after)
        return
    except BadAnswer:
        look_again(attempt, FIRST_POLL)
        return
    if handle is not None:
        accepted(attempt, handle)
    elif _authorise(attempt, first=False):
        _hand_over(attempt)


@transaction.atomic
def _authorise(attempt: Attempt, *, first: bool) -> bool:
    """Ask every rule, take the candidate, and write the decision down: one transaction, committed before the call.

    `first`: the attempt leaves the state created and needs a place at the engine; False when there is none.
    """
    if first and not _take_place(attempt):
        return False
    refused = refusal(attempt.job) or (_take_candidate(attempt) if first else None)
    if refused:
        refuse(attempt, refused)
    record(
        kind="generation.refused" if refused else "generation.authorised",
        subject=attempt.job.ref,
        by=Actor.SYSTEM.label,
        payload=_facts(attempt, refused),
    )
    return refused is None


def _take_place(attempt: Attempt) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLACES_LOCK])
    if not free_places(attempt.engine):
        look_again(attempt, WAIT_FOR_PLACE)
        return False
    return move(attempt, State.SUBMITTING)


def _take_candidate(attempt: Attempt) -> Refusal | None:
    voucher = attempt.job.voucher
    if voucher is None:
        return None
    if not Voucher.objects.take(voucher):
        return Refusal("voucher_used_up", "All candidates of this voucher are used.")
    attempt.holds_candidate = True
    attempt.save(update_fields=["holds_candidate"])
    return None


def _facts(attempt: Attempt, refused: Refusal | None) -> dict[str, str | int | None]:
    job = attempt.job
    return {
        "attempt": attempt.number,
        "engine": attempt.engine,
        "twin": job.version.twin.ref,
        "version": job.version.number,
        "subject": job.voucher.subject if job.voucher else None,
        "voucher": job.voucher.ref if job.voucher else None,
        "reason": refused.reason if refused else None,
    }


def _hand_over(attempt: Attempt) -> None:
    try:
        handle = engine(attempt.engine).submit(job_spec(attempt), idempotency_key=str(attempt.pk))
    except Unreachable as error:
        look_again(attempt, error.retry_after)
    except SubmitUnknown as error:
        _not_known(attempt, error)
    except Rejected as error:
        fail(attempt, code=error.code, message=str(error), retry=False)
    else:
        accepted(attempt, handle)


def _not_known(attempt: Attempt, error: SubmitUnknown) -> None:
    if attempt.polls >= MOST_UNKNOWN:
        fail(attempt, code=ErrorCode.PROVIDER, message=str(error), retry=True)
        return
    move(attempt, State.SUBMIT_UNKNOWN)
    look_again(attempt, FIRST_POLL, polls=attempt.polls + 1)
