"""Who can be entered as, on the home page of the demonstration."""

from apps.accounts.models import User
from apps.demonstration.programme import AGENCIES, BRANDS, PEOPLE, address
from apps.portal.entrances import Entrance, offer

STAFF = "staff"


def entrances() -> list[Entrance]:
    """The demonstration's people who are loaded by now. One query."""
    there = set(User.objects.filter(is_active=True).values_list("email", flat=True))
    everybody = [
        *(Entrance(person.slug, person.name, "Model") for person in PEOPLE),
        *(Entrance(agency.slug, agency.booker, f"Booker, {agency.name}") for agency in AGENCIES),
        *(Entrance(brand.slug, brand.producer, f"Producer, {brand.name}") for brand in BRANDS),
        Entrance(STAFF, "Double staff", "Admin"),
    ]
    return [entrance for entrance in everybody if address(entrance.account) in there]


offer(entrances)
