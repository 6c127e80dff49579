"""What a brand has: its licensed pictures with their end dates, downloads, and the licence itself."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Deliverable, Download, Licence
from apps.bookings.services.delivery import hand_over
from apps.bookings.services.looking import note_views
from apps.bookings.views.pictures import Picture, clear
from apps.bookings.views.scope import ActedRequest, refused
from apps.common.errors import DomainError
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote

if TYPE_CHECKING:
    from django.db.models import QuerySet

PER_PAGE = 12
SOON = timedelta(days=30)
VIEWS: dict[str, tuple[str, Q]] = {
    "": ("Running", Q(state=Licence.State.ACTIVE)),
    "ended": ("Ended", Q(state__in=[Licence.State.EXPIRED, Licence.State.REVOKED])),
}


@dataclass(frozen=True)
class LicensedPicture:
    deliverable: Deliverable
    picture: Picture


@dataclass(frozen=True)
class LicenceCard:
    """One licence with its pictures. `standing` is active, soon, future, expired or revoked."""

    licence: Licence
    standing: str
    media: list[str]
    pictures: list[LicensedPicture]

    @property
    def runs(self) -> bool:
        return self.standing in {"active", "soon"}


@require_safe
@acting_as("brand", permission=Permission.VIEW)
def library(request: ActedRequest) -> HttpResponse:
    mine = _delivered(request)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    page = Paginator(_with_pictures(mine.filter(VIEWS[view][1])), PER_PAGE).get_page(request.GET.get("page"))
    counts = {key: mine.filter(match).count() for key, (_, match) in VIEWS.items()}
    cards = [_card(licence, timezone.now().date()) for licence in page]
    note_card_views(request.actor, *cards)
    context = {
        "tabs": [(key, label, counts[key]) for key, (label, _) in VIEWS.items()],
        "view": view,
        "page": page,
        "cards": cards,
        "any": any(counts.values()),
        "may_download": request.actor.can(Permission.DOWNLOAD),
    }
    return render(request, "bookings/library.html", context)


@require_safe
@acting_as("brand", "talent", "agency", permission=Permission.VIEW)
def own_licence(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The licence with the data of its certificate, for the brand that holds it and those who gave it."""
    return _licence_page(request, pk)


@require_POST
@acting_as("brand", permission=Permission.DOWNLOAD)
def download(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Hand one file over: a short-lived address, and a line in the download log."""
    mine = Deliverable.objects.filter(licence__in=_delivered(request))
    deliverable = get_object_or_404(mine.select_related("licence__booking__brand", "file", "review__look"), pk=pk)
    try:
        address = hand_over(by=request.actor, deliverable=deliverable, address=request.actor.address)
    except DomainError as error:
        return refused(request, error, lambda status: _licence_page(request, deliverable.licence_id, status))
    return redirect(address)


def card_of(booking: Booking) -> LicenceCard | None:
    """The licence of a delivered booking with its pictures; None before delivery."""
    licence = _with_pictures(Licence.objects.filter(booking=booking, booking__delivered_at__isnull=False)).first()
    return _card(licence, timezone.now().date()) if licence else None


def note_card_views(by: Actor, *cards: LicenceCard) -> None:
    """For the model's access log: these pictures were shown to this person."""
    note_views(by=by, reviews=[shown.deliverable.review for card in cards for shown in card.pictures])


def _licence_page(request: ActedRequest, pk: UUID, status: int = 200) -> HttpResponse:
    licence = get_object_or_404(_with_pictures(_delivered(request)).select_related("booking__agency"), pk=pk)
    terms = licence.booking.current_terms
    card = _card(licence, timezone.now().date())
    note_card_views(request.actor, card)
    context = {
        "card": card,
        "licence": licence,
        "booking": licence.booking,
        "terms": terms,
        "price": Quote.from_json(terms.quote),
        "category": Category(licence.category).label,
        "exclusivity": Exclusivity(licence.exclusivity).label,
        "downloads": Download.objects.filter(deliverable__licence=licence).select_related(
            "user", "deliverable__review__look"
        ),
        "credits": licence.booking.credits.all(),
        "may_download": request.actor.can(Permission.DOWNLOAD),
    }
    return render(request, "bookings/licence.html", context, status=status)


def _delivered(request: ActedRequest) -> "QuerySet[Licence]":
    """A licence is prepared while pictures are labelled; it is the brand's once they are delivered."""
    return Licence.objects.visible_to(request.actor).filter(booking__delivered_at__isnull=False)


def _with_pictures(licences: "QuerySet[Licence]") -> "QuerySet[Licence]":
    pictures = Deliverable.objects.select_related("file", "review__look").order_by(
        "review__look__position", "created_at"
    )
    return licences.select_related("booking", "brand", "twin__talent").prefetch_related(
        Prefetch("deliverables", pictures)
    )


def _card(licence: Licence, today: date) -> LicenceCard:
    return LicenceCard(
        licence=licence,
        standing=_standing(licence, today),
        media=[str(Medium(medium).label) for medium in licence.media],
        pictures=[LicensedPicture(deliverable, clear(deliverable.file)) for deliverable in licence.deliverables.all()],
    )


def _standing(licence: Licence, today: date) -> str:
    if licence.state == Licence.State.REVOKED:
        return "revoked"
    if licence.state == Licence.State.EXPIRED or licence.ends_on < today:
        return "expired"
    if licence.starts_on > today:
        return "future"
    return "soon" if licence.ends_on - today <= SOON else "active"
