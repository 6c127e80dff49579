"""What a brand looks at before it books: its landing page, the catalogue, a twin."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.portal import catalogue
from apps.portal.access import actor_of
from apps.portal.brand_home import brand_home
from apps.portal.middleware import PortalRequest
from apps.portal.twin_page import twin_page


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
    wanted = catalogue.Wanted.from_query(request.GET)
    results = catalogue.search(brand_of(request), wanted, request.GET.get("page", "1"))
    part = "#results_and_facets" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"portal/twins.html{part}", {"wanted": wanted, "results": results, "sorts": catalogue.SORTS})


@require_safe
@acting_as("brand", permission="view")
def twin(request: PortalRequest, slug: str) -> HttpResponse:
    brand = brand_of(request)
    found = get_object_or_404(catalogue.with_cards(catalogue.bookable(brand)), talent__slug=slug)
    return render(request, "portal/twin.html", {"page": twin_page(found, brand)})
