"""Out of office: from when to when a booker is away, and who stands in for her."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import acting_as
from apps.bookings.views.scope import UNPROCESSABLE, refused
from apps.common.errors import DomainError, InvalidInput
from apps.organizations.forms import AbsenceForm
from apps.organizations.models import Absence
from apps.organizations.permissions import Permission
from apps.organizations.services import announce_absence, end_absence, possible_deputies
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.views.organization import own_organization

a_booker = acting_as("agency", permission=Permission.ANSWER_FOR_AGENCY)


@require_http_methods(["GET", "HEAD", "POST"])
@a_booker
def away(request: PortalRequest) -> HttpResponse:
    """Who is away or will be; she herself says so here."""
    own, actor = own_organization(request), actor_of(request)
    deputies = possible_deputies(own, apart_from=actor)
    if request.method != "POST":
        return _page(request, 200, AbsenceForm(deputies=deputies))
    form = AbsenceForm(request.POST, deputies=deputies)
    if not form.is_valid():
        return _page(request, UNPROCESSABLE, form)
    try:
        made = announce_absence(by=actor, organization=own, **form.cleaned_data)
    except InvalidInput as error:
        form.add_error(error.field, error.message)
        return _page(request, UNPROCESSABLE, form)
    messages.success(request, f"{made.deputy} stands in for you and is told.")
    return redirect("team_away")


@require_POST
@a_booker
def away_end(request: PortalRequest, pk: UUID) -> HttpResponse:
    own = own_organization(request)
    found = get_object_or_404(Absence.objects.select_related("organization"), pk=pk, organization=own)
    try:
        end_absence(by=actor_of(request), absence=found)
    except DomainError as error:
        deputies = possible_deputies(own, apart_from=actor_of(request))
        form = AbsenceForm(deputies=deputies)
        return refused(request, error, lambda status: _page(request, status, form))  # type: ignore[arg-type]
    messages.success(request, "You are back: your requests and mails are yours alone again.")
    return redirect("team_away")


def _page(request: PortalRequest, status: int, form: AbsenceForm) -> HttpResponse:
    own, today = own_organization(request), timezone.now().date()
    context = {
        "organization": own,
        "form": form,
        "absences": own.absences.open(today).select_related("user", "deputy"),
        "today": today,
    }
    return render(request, "portal/away.html", context, status=status)
