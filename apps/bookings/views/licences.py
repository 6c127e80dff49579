"""What a brand has: its licensed pictures with their end dates, downloads, and the licence itself."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.licence_forms import LabelForm, PlacementForm, TakeDownForm
from apps.bookings.models import Deliverable, Download, Licence, Placement
from apps.bookings.services.crew import crew_of
from apps.bookings.services.delivery import hand_over
from apps.bookings.services.viewing import note_views
from apps.bookings.views.licence_cards import (
    SOON,
    LicenceCard,
    card_of,
    is_packing,
    label_rows,
    packable,
    placement_rows,
    whole_card,
    with_pictures,
)
from apps.bookings.views.scope import ActedRequest, refused
from apps.common.errors import DomainError
from apps.common.vocabulary import Category, Exclusivity
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["card_of", "download", "library", "licence_page", "own_licence"]

PER_PAGE = 12
ROWS_PER_PAGE = 30  # of a licence's places and downloads
OVER = [Licence.State.EXPIRED, Licence.State.RENEWED, Licence.State.REVOKED]
SORTS = {
    "": ("Ends first", ("until", "pk")),
    "new": ("Newest", ("-created_at", "pk")),
    "model": ("Model", ("twin__talent__stage_name", "until", "pk")),
}


@require_safe
@acting_as("brand", permission=Permission.VIEW)
def library(request: ActedRequest) -> HttpResponse:
    mine = delivered(request).annotate(until=Coalesce("cut_on", "ends_on"))
    views = _views()
    view = request.GET.get("view", "")
    view = view if view in views else ""
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else ""
    words = request.GET.get("q", "").strip()[:80]
    found = _searched(mine, words)
    counts = found.aggregate(**{f"n_{key}": Count("pk", filter=match) for key, (_, match) in views.items()})
    shown = with_pictures(found.filter(views[view][1])).order_by(*SORTS[sort][1])
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in (("sort", sort), ("q", words)) if value}
    cards = [whole_card(licence, timezone.now().date()) for licence in page]
    note_card_views(request.actor, *cards)
    context = {
        "tabs": [
            (urlencode(({"view": key} if key else {}) | kept), label, counts[f"n_{key}"], key == view)
            for key, (label, _) in views.items()
        ],
        "view": view,
        "sort": sort,
        "sorts": [(key, label) for key, (label, _) in SORTS.items()],
        "q": words,
        "page": page,
        "cards": cards,
        "any": bool(words) or any(counts.values()),
        "may_download": request.actor.can(Permission.DOWNLOAD),
    }
    return render(request, "bookings/library.html", context)


@require_safe
@acting_as("brand", "talent", "agency", permission=Permission.VIEW)
def own_licence(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The licence with the data of its certificate, for the brand that holds it and those who gave it."""
    return licence_page(request, pk)


@require_POST
@acting_as("brand", permission=Permission.DOWNLOAD)
def download(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Hand one file over: a short-lived address, and a line in the download log."""
    mine = Deliverable.objects.filter(licence__in=delivered(request))
    deliverable = get_object_or_404(mine.select_related("licence__booking__brand", "file", "review__look"), pk=pk)
    try:
        address = hand_over(by=request.actor, deliverable=deliverable, address=request.actor.address)
    except DomainError as error:
        return refused(request, error, lambda status: licence_page(request, deliverable.licence_id, status))
    return redirect(address)


def note_card_views(by: Actor, *cards: LicenceCard) -> None:
    """For the model's access log: these pictures were shown to this person."""
    note_views(by=by, reviews=[shown.deliverable.review for card in cards for shown in card.pictures])


def licence_page(request: ActedRequest, pk: UUID, status: int = 200, **forms: Any) -> HttpResponse:
    """`forms` are those with what was typed and what is wrong with it; `wrong_take_down` names its placement."""
    rows = with_pictures(delivered(request)).select_related("booking__agency", "booking__renews")
    licence = get_object_or_404(rows, pk=pk)
    terms, today = licence.booking.current_terms, timezone.now().date()
    card, archives = whole_card(licence, today), packable(licence)
    placements = _placements(request, licence, forms.get("wrong_take_down"))
    downloads = Download.objects.filter(deliverable__licence=licence).order_by("-created_at", "pk")
    labels = label_rows(licence, request.build_absolute_uri("/"))
    note_card_views(request.actor, card)
    context = {
        "card": card,
        "licence": licence,
        "booking": licence.booking,
        "terms": terms,
        "price": Quote.from_json(terms.quote),
        "category": Category(licence.category).label,
        "exclusivity": Exclusivity(licence.exclusivity).label,
        "downloads": Paginator(downloads.select_related("user", "deliverable__review__look"), ROWS_PER_PAGE).get_page(
            request.GET.get("downloads")
        ),
        "labels": labels,
        "labelling": any(row.ready < row.total for row in labels),
        "packable": archives,
        "packing": is_packing(archives),
        "placements_page": placements,
        "placements": placement_rows(licence, placements, today),
        "renewal": licence.renewals.exclude(state__in=["declined", "cancelled", "expired"]).first(),
        "credits": crew_of(licence),
        "may_download": request.actor.can(Permission.DOWNLOAD),
        "may_pay": request.actor.can(Permission.PAY),
        "may_renew": request.actor.can(Permission.COMPOSE) and card.renewable,
        "label_form": LabelForm(licence=licence),
        "placement_form": PlacementForm(
            initial={"medium": licence.media[0], "country": licence.territories[0], "first_on": today}
        ),
        "take_down_form": TakeDownForm(initial={"taken_down_on": today}),
    }
    return render(request, "bookings/licence.html", context | forms, status=status)


def _placements(request: ActedRequest, licence: Licence, wrong: UUID | None) -> Page[Placement]:
    """Newest first; where a statement was refused, the page on which its place stands."""
    rows = licence.placements.order_by("-created_at", "pk")
    number = request.GET.get("places", "1")
    meant = rows.filter(pk=wrong).first() if wrong else None
    if meant is not None:
        number = str(rows.filter(created_at__gt=meant.created_at).count() // ROWS_PER_PAGE + 1)
    return Paginator(rows, ROWS_PER_PAGE).get_page(number)


def delivered(request: ActedRequest) -> "QuerySet[Licence]":
    """A licence is prepared while pictures are labelled; it is the brand's once they are delivered."""
    return Licence.objects.visible_to(request.actor).filter(booking__delivered_at__isnull=False)


def _views() -> dict[str, tuple[str, Q]]:
    """By state and day; `until` is the last day."""
    soon = timezone.now().date() + SOON
    return {
        "": ("Running", Q(state=Licence.State.ACTIVE)),
        "ending": ("Ending within 30 days", Q(state=Licence.State.ACTIVE, until__lte=soon)),
        "over": ("Over", Q(state__in=OVER)),
    }


def _searched(rows: "QuerySet[Licence]", words: str) -> "QuerySet[Licence]":
    """Every word in the title, the model's name or the code."""
    for word in words.split():
        rows = rows.filter(
            Q(booking__title__icontains=word) | Q(twin__talent__stage_name__icontains=word) | Q(code__iexact=word)
        )
    return rows
