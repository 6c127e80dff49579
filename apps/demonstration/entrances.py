"""Who can be entered as, on the home page of the demonstration."""

from apps.accounts.models import User
from apps.demonstration.invited import JOINED
from apps.demonstration.newcomers import NEWCOMERS
from apps.demonstration.programme import AGENCIES, BRANDS, PEOPLE, address
from apps.demonstration.talking import AWAY, AWAY_NAME
from apps.portal.entrances import Entrance, offer
from apps.portal.pictures import thumbnail
from apps.twins.models import Twin

STAFF = "staff"


def entrances() -> list[Entrance]:
    """The demonstration's people who are loaded by now. Two queries."""
    there = set(User.objects.filter(is_active=True).values_list("email", flat=True))
    covers = {
        twin.talent.slug: thumbnail(twin.cover)
        for twin in Twin.objects.filter(talent__synthetic=True).select_related("talent", "chosen_cover")
    }
    everybody = [
        *(Entrance(person.slug, person.name, "Model", covers.get(person.slug, "")) for person in PEOPLE),
        Entrance(JOINED, "Elif Aydın", "Model, on her way to a twin"),
        *(Entrance(agency.slug, agency.booker, f"Booker, {agency.name}") for agency in AGENCIES),
        Entrance(AWAY, AWAY_NAME, "Booker, Élan Models, away"),
        *(Entrance(brand.slug, brand.producer, f"Producer, {brand.name}") for brand in BRANDS),
        *(Entrance(newcomer.account, newcomer.owner, f"Owner, {newcomer.details.name}") for newcomer in NEWCOMERS),
        Entrance(STAFF, "Double staff", "Admin"),
    ]
    return [entrance for entrance in everybody if address(entrance.account) in there]


offer(entrances)
