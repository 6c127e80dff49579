"""Questions about vouchers and open work."""

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from apps.generation.models import Attempt, Candidate, Job, Voucher
from apps.generation.states import State
from apps.integrations.gpu.engines import DEFAULT
from apps.twins.models import Twin, TwinVersion


def open_voucher(subject: str) -> Voucher | None:
    return Voucher.objects.about(subject).filter(state=Voucher.State.ACTIVE).select_related("twin").first()


def open_jobs(booking_ref: str) -> int:
    return Job.objects.of_booking(booking_ref).open().count()


def open_jobs_of_look(look_ref: str) -> int:
    return Job.objects.filter(look_ref=look_ref).open().count()


def waiting_jobs(booking_ref: str) -> int:
    """Open jobs that have not taken their candidate from the voucher yet."""
    jobs = Job.objects.of_booking(booking_ref).open()
    return jobs.alias(held=Count("attempts", filter=Q(attempts__holds_candidate=True))).filter(held=0).count()


def portfolio(twin: Twin) -> list[Candidate]:
    """The pictures of the newest test sheet that she approved. Whoever shows them sees to her consent to promote."""
    approved = Candidate.objects.of_sheets_of(twin).filter(job__version__state=TwinVersion.State.APPROVED)
    pictures = list(
        approved.select_related("file", "job__version").order_by("-job__version__number", "job__created_at")
    )
    return [picture for picture in pictures if picture.job.version_id == pictures[0].job.version_id]


def free_places(engine: str = DEFAULT) -> int:
    """How many more attempts the engine may be given now."""
    return max(0, settings.GPU_JOBS_IN_FLIGHT - Attempt.objects.in_flight(engine).count())


def next_in_line(limit: int) -> QuerySet[Attempt]:
    """The due attempts that go next: remakes first, then the bookings in turn, within a booking the oldest."""
    due = Attempt.objects.filter(state=State.CREATED, next_poll_at__lte=timezone.now())
    turn = Window(RowNumber(), partition_by=F("job__voucher_id"), order_by=F("created_at").asc())
    return due.annotate(turn=turn).order_by("-job__remakes", "turn", "created_at")[:limit]
