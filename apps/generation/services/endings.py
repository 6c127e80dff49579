"""How attempts and jobs end, what becomes of the voucher's candidate, and what is tried again."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.generation.authorisation import Refusal
from apps.generation.enqueue import after_commit
from apps.generation.models import Attempt, Job, Voucher
from apps.generation.moves import end_attempt, end_job
from apps.generation.spec import with_seed
from apps.generation.states import State
from apps.integrations.gpu.types import STOPPED_BY_A_CHECK
from apps.twins.models import TwinVersion
from apps.twins.services import fail_enrolment

MOST_ATTEMPTS = 3
MOST_REMAKES = 2
BACKOFF = 4  # seconds before the first new attempt at most, four times as long before the second


@transaction.atomic
def fail(
    attempt: Attempt, *, code: str, message: str, retry: bool, made: bool = False, to: State = State.FAILED
) -> None:
    """End the attempt without a picture and give its candidate back. A new attempt follows if `retry` and if there were
    fewer than three; else the job ends too.

    `made`: the engine did deliver a picture, which was of no use. A second call changes nothing.
    """
    if not end_attempt(attempt, to, error_code=code, error_message=message[:300]):
        return
    job = attempt.job
    if retry and attempt.number < MOST_ATTEMPTS and _still_wanted(job):
        _try_again(attempt)
    elif end_job(job, to, error_code=code, error_message=message[:300]):
        _after_the_end(job)
    _give_back(attempt, made=made)
    after_commit("dispatch")


@transaction.atomic
def refuse(attempt: Attempt, refusal: Refusal) -> None:
    """A rule forbids the call: attempt and job end as failed with its code, and no new attempt is made."""
    message = refusal.message[:300]
    if end_attempt(attempt, State.FAILED, error_code=refusal.reason, error_message=message) and end_job(
        attempt.job, State.FAILED, error_code=refusal.reason, error_message=message, refused=True
    ):
        _after_the_end(attempt.job)
    _give_back(attempt, made=False)


@transaction.atomic
def succeed(attempt: Attempt) -> bool:
    """End attempt and job with a result; the voucher's candidate stays used. False when they had ended."""
    if not end_attempt(attempt, State.SUCCEEDED):
        return False
    end_job(attempt.job, State.SUCCEEDED)
    after_commit("announce", str(attempt.job_id))
    after_commit("dispatch")
    return True


@transaction.atomic
def remake(job: Job) -> None:
    """A check stopped the picture of this ended job: order another one within the same voucher, at most twice."""
    if job.remakes < MOST_REMAKES and _still_wanted(job):
        again = Job.objects.create(
            kind=job.kind,
            voucher=job.voucher,
            version=job.version,
            look_ref=job.look_ref,
            spec=with_seed(job.spec),
            remake_of=job,
            remakes=job.remakes + 1,
        )
        Attempt.objects.create(job=again, number=1, next_poll_at=timezone.now())


def _after_the_end(job: Job) -> None:
    if job.kind == Job.Kind.ENROL and job.version.state == TwinVersion.State.TRAINING:
        fail_enrolment(version=job.version, reason=job.error_message)
    if job.error_code in STOPPED_BY_A_CHECK:
        remake(job)
    after_commit("announce", str(job.pk))


def _still_wanted(job: Job) -> bool:
    return job.voucher is None or Voucher.objects.filter(pk=job.voucher.pk, state=Voucher.State.ACTIVE).exists()


def _try_again(attempt: Attempt) -> None:
    """Full jitter: attempts that failed together do not come back together."""
    wait = random.uniform(0, BACKOFF * 4 ** (attempt.number - 1))  # noqa: S311
    Attempt.objects.create(
        job=attempt.job,
        number=attempt.number + 1,
        engine=attempt.engine,
        next_poll_at=timezone.now() + timedelta(seconds=wait),
    )


def _give_back(attempt: Attempt, *, made: bool) -> None:
    """Once per attempt, whoever ends it. The voucher's row is the last that this transaction locks."""
    holding = Attempt.objects.filter(pk=attempt.pk, holds_candidate=True)
    if holding.update(holds_candidate=False) and attempt.job.voucher is not None:
        Voucher.objects.give_back(attempt.job.voucher, made=made)
