"""How long a brand has to choose among what the model passed: fourteen days from the last word about a picture.

The product names no window for it, and without one a silent brand would hold money and rights for ever (decision 24).
"""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from apps.bookings.models import Booking, Review, Wish
from apps.bookings.states import State
from apps.bookings.times import CHOICE_WINDOW
from apps.generation import selectors as generation


def choice_ends_at(booking: Booking) -> datetime | None:
    """Of a booking in review. None while a picture waits for the model or is being made, and once it is finished.

    A pause in between does not count: the days begin anew when the review goes on.
    """
    if booking.state != State.IN_REVIEW or booking.finished_at:
        return None
    reviews = booking.reviews.aggregate(
        waiting=Count("pk", filter=Q(decision=Review.Decision.WAITING)),
        passed=Count("pk", filter=Q(decision=Review.Decision.PASSED)),
        last=Max("decided_at"),
    )
    wished = Wish.objects.filter(look__booking=booking, state=Wish.State.WAITING)
    if reviews["waiting"] or not reviews["passed"] or wished.exists() or generation.open_jobs(booking.ref):
        return None
    opened = booking.transitions.filter(target=State.IN_REVIEW).aggregate(last=Max("created_at"))["last"]
    return max(filter(None, (reviews["last"], opened))) + CHOICE_WINDOW


def perhaps_silent_for(part: int = 1) -> QuerySet[Booking]:
    """Bookings in review whose last picture was decided that long ago: the whole window, or one part-th of it."""
    before = timezone.now() - CHOICE_WINDOW / part
    still = Booking.objects.filter(state=State.IN_REVIEW, finished_at=None)
    counted = still.annotate(
        waiting=Count("reviews", filter=Q(reviews__decision=Review.Decision.WAITING)), last=Max("reviews__decided_at")
    )
    return counted.filter(waiting=0, last__lte=before).order_by("last")
