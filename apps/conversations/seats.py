"""Who sits at a thread: which threads a booking has, whose they are, and what one needs to write in them."""

from dataclasses import dataclass

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.common.errors import NotAllowed
from apps.conversations.models import Between
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

WRITES = {
    "brand": Permission.COMPOSE,
    "agency": Permission.ANSWER_FOR_AGENCY,
    "talent": Permission.ANSWER_AS_TALENT,
}
# What a model and her agency write each other is not for everybody at the agency.
READS = {"brand": Permission.VIEW, "agency": Permission.ANSWER_FOR_AGENCY, "talent": Permission.VIEW}


@dataclass(frozen=True)
class Seat:
    """One side of a thread."""

    kind: str
    party: str
    name: str


def threads_of(booking: Booking) -> list[Between]:
    """None before the booking is sent. The model and the brand write to each other only where nobody represents her."""
    if booking.submitted_at is None:
        return []
    return [Between.BRAND_AGENCY, Between.AGENCY_MODEL] if booking.agency_id else [Between.BRAND_MODEL]


def seats_at(booking: Booking, between: str) -> tuple[Seat, Seat]:
    brand, agency, model = _brand(booking.brand), booking.agency, _model(booking)
    if between == Between.BRAND_MODEL or agency is None:
        return brand, model
    own = Seat("agency", agency.party, agency.name)
    return (brand, own) if between == Between.BRAND_AGENCY else (own, model)


def other_side(booking: Booking, between: str, party: str) -> Seat:
    first, second = seats_at(booking, between)
    return second if party == first.party else first


def is_seated(actor: Actor, booking: Booking, between: str) -> bool:
    """Whether this thread exists for this actor at all: of the booking, and with a seat of her party."""
    if between not in threads_of(booking):
        return False
    seated = any(actor.kind == seat.kind and actor.party == seat.party for seat in seats_at(booking, between))
    return seated and (actor.kind != "talent" or actor.user_id == booking.twin.talent.user_id)


def may_read(actor: Actor) -> bool:
    return actor.kind in READS and actor.can(READS[actor.kind])


def may_write(actor: Actor) -> bool:
    return actor.kind in WRITES and actor.can(WRITES[actor.kind])


def require_seat(by: Actor, booking: Booking, between: str) -> None:
    """Raises NotAllowed for whoever has no seat here, or not the right to write for her party. Nobody stands in for a
    model, staff included."""
    if not is_seated(by, booking, between):
        raise NotAllowed("This conversation is between others.")
    if not may_write(by):
        raise NotAllowed("Your role reads here and does not write. Ask the owner of your account.")


def _brand(brand: Organization) -> Seat:
    return Seat("brand", brand.party, brand.name)


def _model(booking: Booking) -> Seat:
    talent = booking.twin.talent
    return Seat("talent", talent.party, talent.stage_name)
