"""The days of a licence. Delivery late through no fault of the brand moves both where the calendar allows, else the
days are credited."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from apps.bookings import calendar
from apps.bookings.calendar import Wish, standing, wish_of
from apps.bookings.models import Booking, Review
from apps.common.dates import add_months

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Dates:
    """Both days inclusive; `credited` are those that the brand paid for and the calendar does not give."""

    starts_on: date
    ends_on: date
    credited: int = 0


def settle_dates(booking: Booking) -> Dates:
    """The licence's days as of now, and the twin's calendar narrowed or widened to them. The booking is locked.

    A licence that begins with its delivery takes its whole window from today on. One with a fixed first day that is
    past by now moves by the days that the brand did not cause itself. What lies behind the days kept free since the
    agreement is taken only if nothing stands there.
    """
    terms = booking.current_terms
    today = timezone.now().date()
    agreed = terms.starts_on or today
    kept_free = add_months(agreed, terms.window_months) if terms.starts_on else _last_claimed(booking)
    late = max(0, (today - agreed).days - _taken_by_the_brand(booking).days)
    wanted = Dates(agreed + late * DAY, add_months(agreed, terms.window_months) + late * DAY)
    calendar.take_turns(booking.twin_id)
    if wanted.ends_on <= kept_free or _is_free(booking, kept_free + DAY, wanted.ends_on):
        dates = wanted
    else:
        dates = Dates(wanted.starts_on, kept_free, credited=(wanted.ends_on - kept_free).days)
    calendar.settle(booking, starts_on=dates.starts_on, ends_on=dates.ends_on)
    return dates


def _is_free(booking: Booking, first: date, last: date) -> bool:
    wish = wish_of(booking)
    beyond = Wish(wish.twin, wish.category, wish.exclusivity, wish.territories, first, last)
    return standing(beyond, apart_from=booking) is None


def _last_claimed(booking: Booking) -> date:
    """The last day that was kept free for it when it was agreed."""
    end: date = booking.rights.filter(released_at=None).aggregate(end=Max("window__endswith"))["end"]
    return end - DAY


def _taken_by_the_brand(booking: Booking) -> timedelta:
    """How long the booking waited for the brand since the agreement: to be paid, and for its choice to be finished."""
    times = {row.action: row.created_at for row in booking.transitions.order_by("created_at")}
    agreed = max(at for action, at in times.items() if action in ("agree", "accept_counter"))
    shown = booking.reviews.filter(decision=Review.Decision.PASSED).aggregate(last=Max("decided_at"))["last"]
    paying = times["fund"] - agreed
    choosing = booking.finished_at - shown if booking.finished_at and shown else timedelta(0)
    return max(paying, timedelta(0)) + max(choosing, timedelta(0))
