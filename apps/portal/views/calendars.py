"""The rights calendar: an agency's of all its models, a brand's of one twin, where it also puts an option."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.access import acting_as
from apps.bookings.views.scope import UNPROCESSABLE
from apps.common.errors import DomainError, NotAllowed
from apps.options.services import asking
from apps.organizations.permissions import Permission
from apps.portal import catalogue
from apps.portal.access import actor_of
from apps.portal.agency_calendar import agency_calendar
from apps.portal.calendar_forms import CalendarFilter, OptionForm, TwinCalendarFilter
from apps.portal.middleware import PortalRequest
from apps.portal.twin_calendar import twin_calendar
from apps.portal.views.brand import brand_of

WIDE = "europe"


@require_safe
@acting_as("agency", permission=Permission.VIEW)
def rights_calendar(request: PortalRequest) -> HttpResponse:
    wanted = CalendarFilter(request.GET)
    name = request.GET.get("q", "").strip()[:80]
    found = agency_calendar(actor_of(request), wanted, name=name, page_number=request.GET.get("page", "1"))
    return render(request, "portal/rights_calendar.html", {"calendar": found, "filter": wanted, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("brand", permission=Permission.VIEW)
def calendar_of_twin(request: PortalRequest, slug: str) -> HttpResponse:
    """What is free, blocked, and the brand's own option; a press puts one."""
    actor, brand = actor_of(request), brand_of(request)
    twin = get_object_or_404(catalogue.with_cards(catalogue.bookable(brand)), talent__slug=slug)
    category = brand.category or "fashion"
    wanted = TwinCalendarFilter(request.GET, category=category, place=WIDE)
    start = {"category": wanted.category_code, "countries": [brand.country]}
    form = OptionForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_bound and not actor.can(Permission.COMPOSE):
        raise PermissionDenied
    if form.is_valid():
        try:
            option = asking.ask(by=actor, twin=twin, **form.asked())
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        except DomainError as error:
            form.refuse(error.field, error.message)
        else:
            messages.success(request, "Granted at once." if option.granted_at else "Asked. You will be told your rank.")
            return redirect("options")
    context = {
        "calendar": twin_calendar(actor, twin, wanted),
        "filter": wanted,
        "form": form,
        "twin": twin,
        "name": twin.talent.stage_name,
        "may_ask": actor.can(Permission.COMPOSE),
    }
    return render(request, "portal/twin_calendar.html", context, status=UNPROCESSABLE if form.is_bound else 200)
