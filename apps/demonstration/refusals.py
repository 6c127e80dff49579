"""What a visitor will try to break, prepared: for each a person, a page, and the words with which it refuses.

Everything is the product's own: real drafts, real requests, real addresses, the GPU service really asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse

from apps.bookings import terms
from apps.bookings.models import Booking, Deliverable
from apps.bookings.services import compose
from apps.bookings.states import HOLDS_RIGHTS, State
from apps.common.errors import Refused
from apps.common.vocabulary import Category, Exclusivity
from apps.demonstration import forged
from apps.demonstration.people import actor_of, user_of
from apps.demonstration.programme import BRANDS
from apps.demonstration.tour_booking import draft
from apps.organizations.models import Organization
from apps.twins.models import Twin
from apps.twins.services import listing

TRYING = "trying"  # the session's key
PAUSED, BARRED = "rafael-nadir", "noor-adel"
LOOK = (("One look", "block", "As quiet as it can be."),)


@dataclass(frozen=True)
class Prepared:
    """`account` goes to `address`; empty where nobody has to be signed in. `about` is kept for the page."""

    address: str
    account: str = ""
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """`says` are words of the product's own answer, `there` is told beside the page where it is tried."""

    key: str
    icon: str
    title: str
    attempt: str
    says: str
    button: str
    there: str
    prepare: Callable[[], Prepared]


def paused() -> Prepared:
    """A twin that its model has paused; she does it now where an earlier visitor let it work again."""
    twin = _twin(PAUSED)
    if twin.state == Twin.State.LISTED:
        listing.pause(by=actor_of(user_of(PAUSED)), twin=twin)
    return Prepared(reverse("twin", args=[PAUSED]), "maison-orsay")


def barred() -> Prepared:
    """A draft for a category that she does not work for."""
    title, brand = "Silk, the first layer", "maison-orsay"
    found = Booking.objects.filter(brand__slug=brand, twin__talent__slug=BARRED, title=title, state=State.DRAFT)
    booking = found.filter(category=Category.LINGERIE).exclude(looks=None).first()
    booking = booking or draft(brand=brand, twin=_twin(BARRED), title=title, looks=LOOK, category=Category.LINGERIE)
    return Prepared(_composer(booking), brand)


def exclusive() -> Prepared:
    """A draft of a competitor where an exclusivity runs: same twin, same category, one of its countries."""
    running = Booking.objects.filter(state__in=HOLDS_RIGHTS, twin__talent__synthetic=True, twin__state="listed")
    held = running.exclude(exclusivity=Exclusivity.NONE).select_related("twin__talent", "brand").first()
    if held is None:
        raise Refused("No exclusivity runs in the demonstration now.")
    rivals = Organization.objects.filter(kind="brand", synthetic=True).exclude(pk=held.brand_id)
    rival = rivals.filter(competitor_group=held.brand.competitor_group).order_by("slug").first() or rivals.first()
    if rival is None:
        raise Refused("No second brand is in the demonstration.")
    where = [rival.country] if rival.country in held.territories else held.territories[:1]
    wish = {"category": held.category, "territories": where}
    booking = draft(brand=rival.slug, twin=held.twin, title="Overshirts, first drop", looks=LOOK, **wish)
    return Prepared(_composer(booking), rival.slug)


def voucher() -> Prepared:
    """Forged vouchers, sent to the GPU service over HTTP now."""
    return Prepared(reverse("demonstration:refusal", args=["voucher"]), about={"tries": forged.attempts(_twin(BARRED))})


@transaction.atomic
def stale() -> Prepared:
    """A request whose terms the brand rewrote while the model was reading version 1."""
    by = actor_of(user_of("maison-orsay"))
    twin = Twin.objects.filter(talent__slug__in=("leila-hart", "anjali-rao"), state="listed").first()
    if twin is None:
        raise Refused("Both models of this one have paused their twins.")
    asked = draft(brand="maison-orsay", twin=twin, title="Evening, gold", looks=LOOK)
    booking = compose.submit(by=by, booking=asked)
    booking.window_months = 12
    booking.save(update_fields=["window_months"])
    second = terms.write(booking=booking, author=by.party)
    Booking.objects.filter(pk=booking.pk).update(version=second.version)
    page = reverse("demonstration:refusal", args=["stale"])
    return Prepared(page, twin.talent.slug, {"booking": str(booking.pk)})


def foreign() -> Prepared:
    """The address of a picture that another brand licensed."""
    found = Deliverable.objects.filter(licence__brand__synthetic=True).select_related("licence__brand").first()
    if found is None:
        raise Refused("No picture is delivered yet; take a tour first.")
    rival = Organization.objects.filter(slug__in=[brand.slug for brand in BRANDS]).exclude(pk=found.licence.brand_id)
    account = rival.order_by("slug").values_list("slug", flat=True)[0]
    about = {"picture": str(found.pk), "owner": found.licence.brand.name}
    return Prepared(reverse("demonstration:refusal", args=["picture"]), account, about)


def _twin(slug: str) -> Twin:
    twin = Twin.objects.select_related("talent").filter(talent__slug=slug).first()
    if twin is None:
        raise Refused("The demonstration is not loaded yet.")
    return twin


def _composer(booking: Booking) -> str:
    return reverse("booking_compose", args=[booking.pk])


REFUSALS = {
    refusal.key: refusal
    for refusal in (
        Refusal(
            "paused", "pause", "Book a twin that is paused",
            "Rafael has paused his twin. You kept the link to his page.",
            "is resting", "Open his page as Inès Laurent",
            "The page of a paused twin. There is no way to compose from here, and none by the address either.", paused,
        ),
        Refusal(
            "lingerie", "ban", "Sell lingerie with a model who barred it",
            "The draft is ready, the price is firm, the category is lingerie. Send it.",
            "is not available for lingerie", "Open the draft as Inès Laurent",
            "Press “Send the request”. The answer stands below the category; a reason is owed to nobody.", barred,
        ),
        Refusal(
            "exclusivity", "lock", "Walk into somebody’s exclusivity",
            "A competitor holds this face for its category. Ask for the same twin, category and country.",
            "An exclusivity stands against this use", "Open the draft of the competitor",
            "Press “Send the request”. You learn where and until when; never who holds it.", exclusive,
        ),
        Refusal(
            "voucher", "key-round", "Forge a voucher",
            "Go round the portal: ask the GPU service itself for a picture, with a voucher you signed.",
            "voucher_invalid", "Send three forgeries now",
            "Sent over HTTP just now, with the site’s own key to the door. Only the voucher was wrong.", voucher,
        ),
        Refusal(
            "stale", "pen-line", "Get a yes for other terms than she read",
            "She reads version 1. The brand doubles the time meanwhile. She presses yes.",
            "The terms changed since you opened this page", "Answer as the model",
            "Her yes was to version 1, so it counts for nothing. The page says what changed, line by line.", stale,
        ),
        Refusal(
            "picture", "download", "Take another house’s picture",
            "You found the download address of a picture that somebody else licensed.",
            "There is nothing here", "Try the address",
            "To an outsider a foreign picture and none at all look the same: nobody learns that it exists.", foreign,
        ),
    )
}  # fmt: skip
