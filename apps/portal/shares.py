"""What one party receives of a booking's terms in force, read from the frozen split."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Prefetch

from apps.bookings.models import Booking, Terms
from apps.common.money import Money


def in_force() -> "Prefetch[Any]":
    """Fetches the version in force beside each booking, as `booking.in_force` (a list of none or one)."""
    return Prefetch("terms", queryset=Terms.objects.filter(version=F("booking__version")), to_attr="in_force")


def proposed() -> "Prefetch[Any]":
    """Fetches the version that waits for the model's signature, as `booking.proposed` (a list of none or one)."""
    waiting = Terms.objects.filter(version__gt=F("booking__version"), withdrawn_at=None)
    return Prefetch("terms", queryset=waiting, to_attr="proposed")


def terms_of(booking: Booking) -> Terms | None:
    """Needs `in_force()` on the queryset."""
    found: list[Terms] = getattr(booking, "in_force", [])
    return found[0] if found else None


def received_by(terms: Terms | None, parties: Iterable[str]) -> Money | None:
    """The sum of these parties' shares; None without terms."""
    if terms is None:
        return None
    wanted = set(parties)
    return Money(sum(share["amount_minor"] for share in terms.split if share["party"] in wanted), terms.currency)
