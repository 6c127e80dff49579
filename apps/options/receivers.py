"""News from bookings: a submission uses its brand's options. A lost message is found again by the sweep."""

from typing import Any

from django.dispatch import receiver

from apps.bookings.events import booking_moved
from apps.bookings.models import Booking
from apps.bookings.states import State as BookingState
from apps.options.models import Option
from apps.options.services.ending import settle


@receiver(booking_moved)
def use_options(booking: Booking, target: str, **_: Any) -> None:
    if target != BookingState.SUBMITTED:
        return
    for option in Option.objects.open().filter(brand=booking.brand_id, twin=booking.twin_id):
        settle(option=option)
