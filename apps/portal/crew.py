"""What one of a crew sees: her credits that were paid, what she earned, and where it goes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.bookings.models import Booking, Credit
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.crew.models import CrewMember
from apps.crew.services import of_user
from apps.organizations.permissions import CREW_PERMISSIONS
from apps.portal.acting import Party, actor_for
from apps.portal.payouts import PayoutsPage, payouts_page
from apps.royalties.models import Royalty


@dataclass(frozen=True)
class Earned:
    """One booking that she earned something of; `parts` is what she is named for."""

    title: str
    brand: str
    parts: str
    on: date
    amount: Money


@dataclass(frozen=True)
class Kept:
    """All that is kept for one of her addresses."""

    member: CrewMember
    earned: list[Earned]
    payouts: PayoutsPage


def kept_for(request: HttpRequest, user: User) -> list[Kept]:
    """One for each address that she has claimed; a constant number of queries for each."""
    return [Kept(member, _earned(member), payouts_page(crew_actor(request, user, member))) for member in of_user(user)]


def crew_actor(request: HttpRequest, user: User, member: CrewMember) -> Actor:
    """She acts for herself as this payee on these pages alone; the account switcher knows nothing of it."""
    return actor_for(request, user, Party(member.party, "crew", member.name, "", "Crew", CREW_PERMISSIONS))


def _earned(member: CrewMember) -> list[Earned]:
    """The newest first. What was agreed and not earned is not told: until then the brand's plans are its own."""
    rows = Royalty.objects.filter(party=member.party, state=Royalty.State.EARNED).order_by("-earned_on", "-created_at")
    refs = {row.charge_ref: parse_ref(row.charge_ref, "booking") for row in rows}
    bookings = Booking.objects.filter(pk__in=refs.values()).select_related("brand").in_bulk()
    parts: dict[object, list[str]] = defaultdict(list)
    for credit in Credit.objects.filter(booking__in=bookings, email=member.email):
        parts[credit.booking_id].append(credit.part)
    return [
        Earned(
            title=bookings[refs[row.charge_ref]].title,
            brand=bookings[refs[row.charge_ref]].brand.name,
            parts=", ".join(parts[refs[row.charge_ref]]),
            on=row.earned_on,
            amount=Money(row.earned_minor or 0, row.currency),
        )
        for row in rows
        if row.earned_on
    ]
