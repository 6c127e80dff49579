"""A brand that does not choose: its fourteen days are over."""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.bookings import guards
from apps.bookings.models import Booking
from apps.bookings.services import closing, review
from apps.bookings.services.access import locked


@transaction.atomic
def end_choosing(*, booking: Booking) -> Booking:
    """Entry: in review, past the choosing window; exit: finished with what the brand had chosen, or cancelled when it
    chose nothing, as if it had left then. Unchanged while there is time. Idempotent, for the sweep."""
    row = locked(booking)
    if guards.choosing_is_over(row):
        return row
    if row.reviews.filter(selected_at__isnull=False).exists():
        return review.finish_selection(row, by=Actor.SYSTEM)
    return closing.close_unchosen(row)
