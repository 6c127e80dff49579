"""A brand follows its bookings: the list, one booking with its timeline and progress, cancelling."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.machine import possible
from apps.bookings.models import Booking, Terms
from apps.bookings.selectors import deadline_for_brand, named_split, timeline
from apps.bookings.services.closing import cancel
from apps.bookings.states import TERMINAL, State
from apps.bookings.views.crew_line import CreditForm, crew_line
from apps.bookings.views.licences import LicenceCard, card_of, note_card_views
from apps.bookings.views.making import progress_of
from apps.bookings.views.pictures import Picture, cover_of, references
from apps.bookings.views.scope import ActedRequest, booking_of, refused
from apps.bookings.views.words import FOR_BRAND, Words
from apps.common.errors import DomainError
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote

PER_PAGE = 30
CLOSED = TERMINAL - {State.DELIVERED}
VIEWS: dict[str, tuple[str, Q]] = {
    "": ("Running", ~Q(state__in=[*TERMINAL, State.DRAFT])),
    "drafts": ("Drafts", Q(state=State.DRAFT)),
    "delivered": ("Delivered", Q(state=State.DELIVERED)),
    "closed": ("Closed", Q(state__in=CLOSED)),
}


@dataclass(frozen=True)
class Row:
    booking: Booking
    words: Words
    cover: Picture | None

    @property
    def deadline(self) -> datetime | None:
        return deadline_for_brand(self.booking)


@require_safe
@acting_as("brand", permission=Permission.VIEW)
def bookings(request: ActedRequest) -> HttpResponse:
    mine = Booking.objects.visible_to(request.actor)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    page = Paginator(_with_price(mine.filter(VIEWS[view][1])), PER_PAGE).get_page(request.GET.get("page"))
    counts = mine.aggregate(**{f"n_{key}": Count("pk", filter=match) for key, (_, match) in VIEWS.items()})
    context = {
        "tabs": [(key, label, counts[f"n_{key}"]) for key, (label, _) in VIEWS.items()],
        "view": view,
        "page": page,
        "rows": [Row(booking, FOR_BRAND[booking.state], cover_of(booking)) for booking in page],
        "any": any(counts.values()),
    }
    return render(request, "bookings/list.html", context)


@require_safe
@acting_as("brand", "talent", "agency", permission=Permission.VIEW)
def booking(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The brand's page of one booking; the other parties have their own."""
    found = booking_of(request, pk)
    if request.actor.kind != "brand":
        return redirect("request", pk=pk)
    if found.state == State.DRAFT and request.actor.can(Permission.COMPOSE):
        return redirect("booking_compose", pk=pk)
    return page(request, found)


@require_safe
@acting_as("brand", permission=Permission.VIEW)
def progress(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The moving part of the page, asked for every two seconds only while something moves."""
    found = booking_of(request, pk)
    return render(request, "bookings/booking.html#moving", _moving(found))


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def cancel_booking(request: ActedRequest, pk: UUID) -> HttpResponse:
    found = booking_of(request, pk)
    try:
        cancel(by=request.actor, booking=found)
    except DomainError as error:
        return refused(request, error, lambda status: page(request, booking_of(request, pk), status))
    messages.success(request, "Cancelled.")
    return redirect("booking", pk=pk)


def page(request: ActedRequest, found: Booking, status: int = 200, crew_form: CreditForm | None = None) -> HttpResponse:
    """The brand's page of a booking; `crew_form` is what was typed there and could not be taken."""
    terms = found.terms.filter(version=found.version).first()
    moving = _moving(found)
    if isinstance(moving["card"], LicenceCard):
        note_card_views(request.actor, moving["card"])
    context = moving | {
        "terms": terms,
        "price": Quote.from_json(terms.quote) if terms else None,
        "receives": sum(named.share.amount_minor for named in named_split(terms) if named.share.kind == "talent")
        if terms
        else None,
        "media": [Medium(medium).label for medium in found.media],
        "category": Category(found.category).label,
        "exclusivity": Exclusivity(found.exclusivity).label,
        "references": references(found),
        "cover": cover_of(found),
        "may_download": request.actor.can(Permission.DOWNLOAD),
        "may_pay": found.state == State.AGREED and found.brand.checked_at and request.actor.can(Permission.PAY),
        "crew": crew_line(request.actor, found, crew_form),
        "may_compose": request.actor.can(Permission.COMPOSE),
        "cancelling": next((act for act in possible(found, request.actor) if act in CANCELLING), ""),
    }
    return render(request, "bookings/booking.html", context, status=status)


CANCELLING = ("cancel", "cancel_paid")


def _moving(found: Booking) -> dict[str, object]:
    return {
        "booking": found,
        "words": FOR_BRAND[found.state],
        "deadline": deadline_for_brand(found),
        "stages": timeline(found),
        "making": progress_of(found),
        "card": card_of(found) if found.state == State.DELIVERED else None,
    }


def _with_price(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    terms = Terms.objects.filter(booking=OuterRef("pk"), version=OuterRef("version"))
    return rows.with_parties().annotate(  # type: ignore[attr-defined]
        total_minor=Subquery(terms.values("total_minor")[:1]), currency=Subquery(terms.values("currency")[:1])
    )
