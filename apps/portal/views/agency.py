"""The agency's desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.portal import agency
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest


@require_safe
@acting_as("agency", permission="view")
def desk(request: PortalRequest) -> HttpResponse:
    name = request.GET.get("q", "").strip()[:80]
    page = agency.desk(
        actor_of(request), view=request.GET.get("view", ""), name=name, page_number=request.GET.get("page", "1")
    )
    return render(request, "portal/agency_desk.html", {"desk": page, "name": name})
