"""Options of competing brands: a first and a second one on Maya, a third brand that waits for an answer.

On Anjali a challenge runs since the demonstration was loaded.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.bookings.states import State
from apps.options.models import Option
from apps.options.services import asking, challenging, deciding
from apps.twins.models import Twin

HOUSES = "maison-orsay", "halden-rye"  # competitors
DRAFT = "Evening, gold"  # with which the second one is ready
Who = Callable[[str], Actor]


def has_options() -> bool:
    """Without the twins there is nothing to put an option on."""
    return not _twin("anjali-rao") or Option.objects.exists()


@transaction.atomic
def put_options(who: Who) -> None:
    """Idempotent. `who` is the person of a party of the programme."""
    if has_options():
        return
    soon = timezone.now().date() + timedelta(days=30)
    for house in HOUSES:
        _held(who, "elan", house, "maya-okafor", territories=["DE", "FR"], starts_on=soon, window_months=6)
    _asked(who, "vesna", "maya-okafor", category="eyewear", territories=["SE"], starts_on=soon, window_months=3)
    today = timezone.now().date()
    _, second = [
        _held(who, "northlight", house, "anjali-rao", territories=["FR"], starts_on=today, window_months=12)
        for house in reversed(HOUSES)
    ]
    draft = Booking.objects.with_parties().filter(title=DRAFT, state=State.DRAFT, brand=second.brand).first()
    if draft is not None:
        challenging.challenge(by=who(HOUSES[0]), option=second, booking=draft)


def _held(who: Who, agency: str, brand: str, slug: str, **use: object) -> Option:
    return deciding.grant(by=who(agency), option=_asked(who, brand, slug, category="fashion", **use))


def _asked(who: Who, brand: str, slug: str, **use: object) -> Option:
    twin = _twin(slug)
    if twin is None:
        raise LookupError(f"{slug} has no twin yet")
    return asking.ask(by=who(brand), twin=twin, **use)  # type: ignore[arg-type]


def _twin(slug: str) -> Twin | None:
    return Twin.objects.select_related("talent").filter(talent__slug=slug).first()
