"""The agency's pages of mandates: all of them with their states, propose, take back, give notice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.views.scope import refused
from apps.common.errors import DomainError, InvalidInput, Refused
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.portal.access import actor_of
from apps.portal.mandate_forms import ProposalForm
from apps.portal.mandates import agency_mandates, known_to, touched_by_end
from apps.portal.middleware import PortalRequest
from apps.talent.ending import end_by_agency
from apps.talent.mandate_text import AGENCY_NOTICE_DAYS
from apps.talent.models import Mandate, MandateProposal
from apps.talent.proposing import propose, take_back

keeps_the_roster = acting_as("agency", permission="manage_roster")


@require_safe
@acting_as("agency", permission="view")
def mandates(request: PortalRequest) -> HttpResponse:
    return _list(request, 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_the_roster
def mandate_new(request: PortalRequest) -> HttpResponse:
    actor = actor_of(request)
    known = known_to(actor)
    agency = get_object_or_404(Organization, pk=parse_ref(actor.party, "org"))
    context: dict[str, Any] = {"agency": agency, "known": known.exists()}
    if request.method != "POST":
        context["form"] = ProposalForm(models=known, initial={"talent": request.GET.get("model", "")})
        return render(request, "portal/mandate_new.html", context)
    form = context["form"] = ProposalForm(request.POST, models=known)
    if form.is_valid():
        try:
            made = propose(by=actor, agency=agency, **form.proposed())
        except (InvalidInput, Refused) as error:
            form.refuse(error.field, error.message)
        else:
            messages.success(request, f"Sent to {made.talent.stage_name}. Nothing binds before she signs.")
            return redirect(f"{reverse('agency_mandates')}?{urlencode({'view': 'waiting'})}")
    return render(request, "portal/mandate_new.html", context, status=422)


@require_POST
@keeps_the_roster
def proposal_take_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    actor = actor_of(request)
    rows = MandateProposal.objects.select_related("talent", "agency")
    found = get_object_or_404(rows, pk=pk, agency=parse_ref(actor.party, "org"))
    try:
        take_back(by=actor, proposal=found)
    except DomainError as error:
        return refused(request, error, lambda status: _list(request, status))  # type: ignore[arg-type]
    messages.success(request, "Taken back. There is nothing left for her to sign.")
    return redirect("agency_mandates")


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_the_roster
def mandate_notice(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The agency's end of a mandate: what it touches and its last day first, then one press."""
    actor = actor_of(request)
    rows = Mandate.objects.select_related("talent", "agency")
    mandate = get_object_or_404(rows, pk=pk, agency=parse_ref(actor.party, "org"))
    if request.method != "POST":
        return _ask(request, mandate, 200)
    try:
        ended = end_by_agency(by=actor, mandate=mandate)
    except DomainError as error:
        return refused(request, error, lambda status: _ask(request, mandate, status))  # type: ignore[arg-type]
    messages.success(request, f"Notice given. The last day is {ended.last_day:%-d %B %Y}.")
    return redirect("agency_mandates")


def _list(request: PortalRequest, status: int) -> HttpResponse:
    asked = {key: request.GET.get(key, "").strip()[:80] for key in ("view", "q", "model", "page")}
    page = agency_mandates(
        actor_of(request), view=asked["view"], name=asked["q"], model=asked["model"], page_number=asked["page"] or "1"
    )
    return render(request, "portal/agency_mandates.html", {"page": page}, status=status)


def _ask(request: PortalRequest, mandate: Mandate, status: int) -> HttpResponse:
    context = {"mandate": mandate, "touched": touched_by_end(mandate), "notice": AGENCY_NOTICE_DAYS}
    return render(request, "portal/mandate_notice.html", context, status=status)
