"""What the demonstration's brands keep of their composing, and who worked on their pictures. Nobody here is real."""

from collections.abc import Mapping

from django.utils.text import slugify

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, BookingTemplate, Review
from apps.bookings.services import again, crew, viewing
from apps.bookings.states import State
from apps.demonstration.people import actor_of, user_of
from apps.demonstration.programme import DOMAIN

TEMPLATE = "Season basics"
CREW: dict[str, tuple[tuple[str, str], ...]] = {
    "maison-orsay": (("photographer", "Odile Marchetti"), ("stylist", "Tomás Varga"), ("hair", "Ruth Okonjo")),
    "halden-rye": (("photographer", "Lennart Bieler"), ("make_up", "Yuki Sandoval")),
    "vesna": (("stylist", "Petra Ahlgren"), ("hair", "Ismael Quist"), ("make_up", "Nadja Corvin")),
}


def name_crew(*, by: Actor, booking: Booking, given: Mapping[str, int] | None = None) -> None:
    """Idempotent, and before the selection is finished. `given` is what some of them get beside the fee, in a draft."""
    if booking.credits.exists() or booking.finished_at:
        return
    for role, name in CREW.get(booking.brand.slug, ()):
        share = (given or {}).get(name)
        email = f"{slugify(name)}@{DOMAIN}" if share else ""
        crew.add_credit(by=by, booking=booking, role=role, name=name, email=email, share_minor=share)


def look_through(*, by: Actor, booking: Booking) -> None:
    """The producer looked at what the model passed, as the page for choosing would have noted."""
    passed = booking.reviews.filter(decision=Review.Decision.PASSED)
    viewing.note_views(by=by, reviews=passed)


def load_compositions() -> None:
    """The brand that booked first keeps its composition as a template and begins one like it again. Idempotent."""
    first = Booking.objects.filter(state=State.DELIVERED).select_related("brand", "twin__talent").order_by("created_at")
    booking = first.first()
    if booking is None or BookingTemplate.objects.filter(brand=booking.brand).exists():
        return
    producer = actor_of(user_of(booking.brand.slug))
    again.save_template(by=producer, booking=booking, name=TEMPLATE)
    again.duplicate_booking(by=producer, booking=booking)
