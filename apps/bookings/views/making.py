"""How far the pictures of a booking are, as the brand may know it: never which ones the model rejected."""

from dataclasses import dataclass

from django.db.models import Count, Q

from apps.bookings.models import Booking, Look, Review
from apps.bookings.states import State
from apps.generation.progress import of_booking

FAST, SLOW = 2, 10  # seconds until the page asks again
MOVING = {State.FUNDED: FAST, State.GENERATING: FAST, State.IN_REVIEW: SLOW}


@dataclass(frozen=True)
class LookProgress:
    look: Look
    percent: int
    being_made: int
    with_model: int
    passed: int
    chosen: int


@dataclass(frozen=True)
class Making:
    """`again_in` is 0 when nothing moves by itself any more."""

    looks: list[LookProgress]
    again_in: int

    @property
    def being_made(self) -> int:
        return sum(look.being_made for look in self.looks)

    @property
    def with_model(self) -> int:
        return sum(look.with_model for look in self.looks)

    @property
    def passed(self) -> int:
        return sum(look.passed for look in self.looks)

    @property
    def chosen(self) -> int:
        return sum(look.chosen for look in self.looks)


def progress_of(booking: Booking) -> Making:
    """Look by look, in two queries whatever the number of pictures."""
    if booking.state not in MOVING:
        return Making([], 0)
    made = of_booking(booking.ref)
    waiting = Count("pk", filter=Q(decision=Review.Decision.WAITING))
    passed = Count("pk", filter=Q(decision=Review.Decision.PASSED))
    chosen = Count("pk", filter=Q(selected_at__isnull=False))
    rows = booking.reviews.order_by().values("look_id").annotate(waiting=waiting, passed=passed, chosen=chosen)
    shown = {row["look_id"]: row for row in rows}
    looks = []
    for look in booking.looks.all():
        jobs, row = made.get(look.ref), shown.get(look.pk)
        looks.append(
            LookProgress(
                look=look,
                percent=jobs.percent if jobs else 0,
                being_made=jobs.running if jobs else 0,
                with_model=row["waiting"] if row else 0,
                passed=row["passed"] if row else 0,
                chosen=row["chosen"] if row else 0,
            )
        )
    making = Making(looks, MOVING[State(booking.state)])
    at_rest = booking.state == State.IN_REVIEW and not (making.being_made or making.with_model or booking.finished_at)
    return Making(looks, 0) if at_rest else making
