"""What the brand gives the crew of a booking on top of the fee (product.md, 14: an optional split).

An amount of its own for each person who is named with an address, so that nobody's share of the fee pays for it. It
belongs to the terms: another split is another version, which needs another yes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.bookings.models import Booking, Terms
from apps.common.errors import InvalidInput
from apps.crew.services import payee
from apps.pricing.ask import HIGHEST_CREW_MINOR

FIELD = "crew_split"


@dataclass(frozen=True)
class CrewShare:
    """What one named person is given in one version. `party` is who is paid: one address, however often it is named."""

    credit: str
    role: str
    role_text: str
    name: str
    party: str
    amount_minor: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def freeze(booking: Booking) -> list[CrewShare]:
    """Of the booking as it stands, in the order of its crew line. Who is paid for the first time becomes a payee."""
    given = booking.crew_split
    return [
        CrewShare(
            credit=str(credit.pk), role=credit.role, role_text=credit.role_text, name=credit.name,
            party=payee(email=credit.email, name=credit.name).party, amount_minor=given[str(credit.pk)],
        )
        for credit in booking.credits.all()
        if str(credit.pk) in given
    ]  # fmt: skip


def of_terms(terms: Terms) -> list[CrewShare]:
    return [CrewShare(**row) for row in terms.crew]


def by_party(shares: Iterable[CrewShare]) -> dict[str, int]:
    """What each payee is given altogether, in the order in which they are named."""
    sums: Counter[str] = Counter()
    for share in shares:
        sums[share.party] += share.amount_minor
    return dict(sums)


def given_in(terms: Terms) -> dict[str, int]:
    """A version's split as the booking keeps it."""
    return {share.credit: share.amount_minor for share in of_terms(terms)}


def check(booking: Booking, given: Mapping[str, int]) -> None:
    """Raises InvalidInput(field="crew_split") for somebody who is not named with an address, and for no amount."""
    named = {str(credit.pk): credit for credit in booking.credits.all()}
    for key, amount in given.items():
        if key not in named:
            raise InvalidInput("Only people whom the crew line names are given something.", field=FIELD)
        if not named[key].email:
            raise InvalidInput(f"{named[key].name} has no e-mail address here to be paid at.", field=FIELD)
        if not 0 < amount <= HIGHEST_CREW_MINOR:
            raise InvalidInput(f"An amount for {named[key].name}, please.", field=FIELD)
