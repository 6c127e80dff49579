"""Bookings whose terms are negotiated, brought to a state by the people of the tests."""

from typing import Any

from apps.accounts.actor import Actor
from apps.bookings.conditions import Conditions
from apps.bookings.models import Booking, Terms
from apps.bookings.services import answers, countering
from apps.bookings.services import proposing as writing
from apps.bookings.terms import offer_of
from tests.factories.bookings import fresh, submitted
from tests.factories.people import Person, World

WIDE: dict[str, Any] = {
    "media": ["own", "ecommerce"],
    "territories": ["DE", "FR"],
    "exclusivity": "category",
    "pictures": 4,
}


def conditions(world: World, booking: Booking, *, who: str, only: dict[str, Any] | None = None, **asked) -> Booking:
    """Somebody seals conditions to the version in force; six months unless others are named."""
    wanted = Conditions(**(asked or {"longest_window_months": 6}) if only is None else only)
    by = getattr(world, who).actor
    return fresh(
        answers.answer(by=by, booking=booking, version=booking.version, answer="conditions", conditions=wanted)
    )


def proposing(world: World, *, brand: str = "producer", **asked) -> Booking:
    """The model set conditions to a wide request, the agency said yes."""
    booking = submitted(world, brand=brand, **WIDE)
    conditions(world, booking, who="maya", **asked)
    return fresh(answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes"))


def propose(world: World, booking: Booking, *, by: Person | None = None, **fields) -> Terms:
    """The joint version: what the brand asked for over six months, but for what is named."""
    offer = offer_of(booking.current_terms)
    asked: dict[str, Any] = {
        "media": list(offer.media),
        "territories": list(offer.territories),
        "window_months": min(6, offer.window_months),
        "exclusivity": offer.exclusivity,
        "pictures": offer.pictures,
        "fee_minor": None,
    }
    by = by or world.booker
    return writing.propose(by=by.actor, booking=booking, version=booking.version, **asked | fields)


def counter(world: World, booking: Booking, **fields) -> Booking:
    """From a submitted or proposing booking to a signed version before the brand."""
    if booking.state == "submitted":
        conditions(world, booking, who="maya")
        booking = fresh(answers.answer(by=world.booker.actor, booking=booking, version=booking.version, answer="yes"))
    written = propose(world, booking, **fields)
    return fresh(answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="yes"))


def countered(world: World, **fields) -> Booking:
    return counter(world, proposing(world), **fields)


def resubmit(world: World, booking: Booking, *, by: Actor | None = None, **fields) -> Booking:
    return fresh(
        countering.resubmit(
            by=by or world.producer.actor,
            booking=booking,
            version=booking.version,
            pictures=fields.pop("pictures", booking.pictures),
            **fields,
        )
    )
