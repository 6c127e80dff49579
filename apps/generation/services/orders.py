"""Ordering GPU work: pictures of a look, the enrolment of a twin's version."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.errors import Refused
from apps.generation.enqueue import after_commit
from apps.generation.models import Attempt, Job
from apps.generation.selectors import open_voucher, waiting_jobs
from apps.generation.spec import read_spec, with_seed
from apps.twins.models import TwinVersion
from apps.twins.selectors import approved_version


@transaction.atomic
def order_pictures(*, by: Actor, booking_ref: str, look_ref: str, pictures: int, spec: Mapping[str, Any]) -> list[Job]:
    """Order so many candidates of one look, each a job of its own. Exit: created; a worker authorises each before it
    goes to the GPU service.

    `by` is named in the booking's audit event. Raises InvalidInput for a spec that makes no sense, Refused without an
    active voucher, with too few candidates left on it, or without an approved version of the twin.
    """
    read_spec(spec)
    voucher = open_voucher(booking_ref)
    if voucher is None:
        raise Refused("Without a voucher nothing is made.", code="no_voucher")
    if pictures > voucher.left - waiting_jobs(booking_ref):
        raise Refused("The voucher does not have that many candidates left.", code="voucher_used_up")
    version = approved_version(voucher.twin)
    if version is None:
        raise Refused("This twin has no approved version.", code="version_not_approved")
    jobs = [
        Job(kind=Job.Kind.GENERATE, voucher=voucher, version=version, look_ref=look_ref, spec=with_seed(spec))
        for _ in range(pictures)
    ]
    create_jobs(jobs)
    return jobs


@transaction.atomic
def order_enrolment(*, version: TwinVersion) -> Job:
    """Order the enrolment of a version in training."""
    job = Job(kind=Job.Kind.ENROL, version=version)
    create_jobs([job])
    return job


def create_jobs(jobs: list[Job]) -> None:
    """Keep these jobs with a first attempt each, due now."""
    now = timezone.now()
    Job.objects.bulk_create(jobs)
    Attempt.objects.bulk_create(Attempt(job=job, number=1, next_poll_at=now) for job in jobs)
    after_commit("dispatch")
