"""Where the delivered pictures of some stories ran, as the brands logged it; days count from the delivery.

One place lies beyond its licence and is invoiced. The red room's licence is over by now: one of its two places has its
take-down statement, the other is still asked for.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence, Placement
from apps.bookings.services import placing, renewing
from apps.demonstration.people import actor_of, user_of


@dataclass(frozen=True)
class Place:
    medium: str
    countries: tuple[str, ...]
    url: str = ""
    where: str = ""
    taken_down_by: str = ""  # with the licence's last day, once it is over


PLACES: dict[str, tuple[Place, ...]] = {
    "the-red-room": (
        Place("ecommerce", ("FR", "BE"), url="https://maison-orsay.example/robes/rouge", taken_down_by="Web studio"),
        Place("paid_social", ("FR",), url="https://social.example/maison-orsay/rouge"),
    ),
    "the-suit": (
        Place("ecommerce", ("FR", "DE"), url="https://maison-orsay.example/costumes/le-seul"),
        Place("out_of_home", ("FR",), where="Poster, métro Saint-Paul, Paris"),
    ),
    "thin-metal": (Place("own", ("SE",), url="https://vesna.example/wire"),),
}
RENEWED = ("the-summer-file", "the-suit")  # the first of these that the programme has


def log_places(*, by: Actor, licence: Licence, slug: str) -> None:
    """What the brand said about a story's pictures. Idempotent."""
    for place in PLACES.get(slug, ()):
        if not Placement.objects.filter(licence=licence, url=place.url, where=place.where).exists():
            placing.log_placement(
                by=by, licence=licence, medium=place.medium, territories=list(place.countries),
                first_on=licence.starts_on, url=place.url, where=place.where,
            )  # fmt: skip


def state_what_was_taken_down(titles: dict[str, str]) -> None:
    """For licences that are over; `titles` are those of the stories by slug. Idempotent."""
    for slug, places in PLACES.items():
        licence = _licence(titles.get(slug, ""))
        if licence is None or licence.state != Licence.State.EXPIRED:
            continue
        for place in places:
            row = licence.placements.filter(url=place.url, where=place.where, stated_at=None).first()
            if row is not None and place.taken_down_by:
                placing.state_take_down(
                    by=actor_of(user_of(licence.brand.slug)), placement=row, taken_down_on=licence.ends_on,
                    taken_down_by=place.taken_down_by,
                )  # fmt: skip


def offer_a_renewal(titles: dict[str, str]) -> None:
    """The brand asks for its first licence that ends soon; model and agency have not answered. Idempotent."""
    found = [licence for slug in RENEWED if (licence := _licence(titles.get(slug, "")))]
    if not found or Booking.objects.filter(renews__in=found).exists():
        return
    licence = found[0]
    if licence.state == Licence.State.ACTIVE and licence.last_day > timezone.now().date() + timedelta(days=1):
        renewing.ask_renewal(by=actor_of(user_of(licence.brand.slug)), licence=licence)


def _licence(title: str) -> Licence | None:
    rows = Licence.objects.filter(booking__title=title, booking__renews=None, brand__synthetic=True)
    return rows.select_related("brand", "booking").first()
