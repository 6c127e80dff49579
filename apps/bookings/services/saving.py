"""Whose turn it is to save a draft: compare-and-set by its revision, so that no page overwrites another unasked.

A page knows the revision that it shows and has a name of its own. It may save while the draft still is at that
revision, or while nobody but itself has saved since: an answer that got lost on the way is simply asked for again.
"""

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.bookings.services.access import own_draft
from apps.common.errors import StaleState


class SavedElsewhere(StaleState):
    """Another page saved this draft in the meantime. Nothing of this page is saved before its writer was told."""

    def __init__(self, booking: Booking) -> None:
        super().__init__("This draft was saved elsewhere meanwhile: in another tab, or by a colleague.")
        self.booking = booking


@transaction.atomic
def take_turn(*, by: Actor, booking: Booking, page: str, seen: int, leaves: bool = False) -> Booking:
    """Entry and exit: draft, one revision further. Raises SavedElsewhere, NotAllowed, StaleState.

    `page` is the name of the page that saves, `seen` the revision it knows. `leaves` says that the page is gone with
    this save: whatever of it is still on its way comes too late and must not win.
    """
    row = own_draft(by, booking)
    mine = bool(page) and row.saved_by_page == page
    if row.revision != seen and not mine:
        raise SavedElsewhere(row)
    row.revision += 1
    row.saved_by_page = "" if leaves else page
    row.saved_at = timezone.now()
    row.save(update_fields=["revision", "saved_by_page", "saved_at"])
    booking.revision, booking.saved_by_page, booking.saved_at = row.revision, row.saved_by_page, row.saved_at
    return row
