from apps.bookings.models.booking import LONGEST_BRIEF, MOST_PICTURES, Booking, Look
from apps.bookings.models.composing import MOST_CREDITS, MOST_PRODUCTS, BookingTemplate, Credit, LookProduct
from apps.bookings.models.delivery import Deliverable, Download, Licence, Review
from apps.bookings.models.history import Transition
from apps.bookings.models.looking import PictureView
from apps.bookings.models.pins import LONGEST_PIN, Pin, Wish
from apps.bookings.models.reminder import Reminder
from apps.bookings.models.rights import RightsSlot
from apps.bookings.models.terms import Approval, Terms
from apps.bookings.models.use import LabelChoice, LicencePack, Placement, TakedownNotice

__all__ = [
    "LONGEST_BRIEF", "LONGEST_PIN", "MOST_CREDITS", "MOST_PICTURES", "MOST_PRODUCTS", "Approval", "Booking",
    "BookingTemplate", "Credit", "Deliverable", "Download", "LabelChoice", "Licence", "LicencePack", "Look",
    "LookProduct", "PictureView", "Pin", "Placement", "Reminder", "Review", "RightsSlot", "TakedownNotice", "Terms",
    "Transition", "Wish",
]  # fmt: skip
