"""What a tour needs to know of its booking, read in a handful of queries."""

from dataclasses import dataclass

from django.db.models import Count, Q

from apps.bookings.models import Approval, Booking, Review
from apps.bookings.states import IN_THE_MAKING
from apps.generation import selectors as generation
from apps.twins.models import Twin


@dataclass(frozen=True)
class Facts:
    """`state` is empty before there is a booking. Answers are those that stand: not taken back, to this version."""

    state: str = ""
    submitted: bool = False
    represented: bool = True
    paused: bool = False
    agency_said: str = ""
    talent_said: str = ""
    ordered: int = 0
    reviews: int = 0
    waiting: int = 0
    passed: int = 0
    being_made: int = 0
    finished: bool = False


NOTHING = Facts()


def facts_of(booking: Booking | None) -> Facts:
    """`booking` comes with its parties and twin. Five queries."""
    if booking is None:
        return NOTHING
    said = _answers(booking)
    seen = booking.reviews.aggregate(
        reviews=Count("pk"),
        waiting=Count("pk", filter=Q(decision=Review.Decision.WAITING)),
        passed=Count("pk", filter=Q(decision=Review.Decision.PASSED)),
    )
    making = booking.state in IN_THE_MAKING
    return Facts(
        state=str(booking.state),
        submitted=booking.submitted_at is not None,
        represented=booking.submitted_at is None or booking.agency_id is not None,
        paused=booking.twin.state == Twin.State.PAUSED,
        agency_said=said.get(Approval.Side.AGENCY, ""),
        talent_said=said.get(Approval.Side.TALENT, ""),
        ordered=sum(booking.looks.values_list("pictures", flat=True)),
        being_made=generation.open_jobs(booking.ref) if making else 0,
        finished=booking.finished_at is not None,
        **seen,
    )


def _answers(booking: Booking) -> dict[str, str]:
    standing = Approval.objects.filter(
        terms__booking=booking, terms__version=booking.version, taken_back_at__isnull=True
    )
    return dict(standing.values_list("side", "answer"))
