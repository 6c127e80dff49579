"""What a brand looks at before it books: its landing page, the catalogue, a twin."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.boards.models import SavedFilter
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.portal import catalogue
from apps.portal.access import actor_of
from apps.portal.brand_home import brand_home
from apps.portal.middleware import PortalRequest
from apps.portal.tray import tray_of
from apps.portal.twin_page import twin_page

NOT_THERE = 404  # for a program the twin is as little there as any other that cannot be booked
ALIKE = 4


def brand_of(request: PortalRequest) -> Organization:
    """The brand that acts. Call only behind `acting_as("brand")`."""
    return get_object_or_404(Organization, pk=parse_ref(actor_of(request).party, "org"))


@require_safe
@acting_as("brand", permission="view")
def home(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/brand_home.html", {"page": brand_home(actor_of(request), brand_of(request))})


@require_safe
@acting_as("brand", permission="view")
def twins(request: PortalRequest) -> HttpResponse:
    return catalogue_page(request, 200)


def catalogue_page(request: PortalRequest, status: int, *, query: str = "") -> HttpResponse:
    """The twins that the address asks for, or `query` where something was posted."""
    asked = QueryDict(query) if query else request.GET
    actor, brand = actor_of(request), brand_of(request)
    wanted = catalogue.Wanted.from_query(asked)
    context = {
        "wanted": wanted,
        "results": catalogue.search(brand, wanted, asked.get("page", "1")),
        "sorts": catalogue.SORTS,
        "tray": tray_of(actor, brand),
        "saved": SavedFilter.objects.filter(user=actor.user_id, organization=brand),
    }
    part = "#results_and_facets" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"portal/twins.html{part}", context, status=status)


@require_safe
@acting_as("brand", permission="view")
def twin(request: PortalRequest, slug: str) -> HttpResponse:
    """A twin that this brand may ask for. One that rests says so; every other one does not exist here."""
    brand = brand_of(request)
    found = catalogue.with_cards(catalogue.bookable(brand)).filter(talent__slug=slug).first()
    if found is None:
        return _resting(request, brand, slug)
    context = {
        "page": twin_page(found, brand),
        "tray": tray_of(actor_of(request), brand),
        "templates": brand.booking_templates.all(),
    }
    return render(request, "portal/twin.html", context)


def _resting(request: PortalRequest, brand: Organization, slug: str) -> HttpResponse:
    found = get_object_or_404(catalogue.with_cards(catalogue.resting(brand)), talent__slug=slug)
    context = {
        "card": catalogue.cards([found], brand)[0],
        "alike": catalogue.alike(brand, found, ALIKE),
    }
    return render(request, "portal/twin_resting.html", context, status=NOT_THERE)
