from apps.bookings.models.booking import LONGEST_BRIEF, MOST_PICTURES, Booking, Look
from apps.bookings.models.delivery import Deliverable, Download, Licence, Review
from apps.bookings.models.history import Transition
from apps.bookings.models.pins import LONGEST_PIN, Pin, Wish
from apps.bookings.models.rights import RightsSlot
from apps.bookings.models.terms import Approval, Terms

__all__ = [
    "LONGEST_BRIEF", "LONGEST_PIN", "MOST_PICTURES", "Approval", "Booking", "Deliverable", "Download", "Licence",
    "Look", "Pin", "Review", "RightsSlot", "Terms", "Transition", "Wish",
]  # fmt: skip
