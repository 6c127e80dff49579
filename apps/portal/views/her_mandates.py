"""The model's pages of mandates: read, sign, refuse, end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.views.scope import refused
from apps.common.canonical import sha256_hex
from apps.common.errors import DomainError
from apps.common.legal_texts import LANGUAGES, language_of
from apps.common.refs import parse_ref
from apps.portal.access import actor_of
from apps.portal.mandates import her_mandates, touched_by_end
from apps.portal.middleware import PortalRequest
from apps.portal.onboarding import under_way
from apps.talent.answering import refuse, refuse_twins, sign_mandate, sign_twins
from apps.talent.ending import end_by_model
from apps.talent.mandate_text import AGENCY_NOTICE_DAYS, mandate_text, twins_text
from apps.talent.models import Mandate, MandateProposal

a_model = acting_as("talent", permission="sign_consent")


@require_safe
@acting_as("talent", permission="view")
def mandates(request: PortalRequest) -> HttpResponse:
    actor = actor_of(request)
    return render(request, "portal/mandates.html", {"page": her_mandates(actor), "steps": under_way(actor)})


@require_http_methods(["GET", "HEAD", "POST"])
@a_model
def proposal(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One text at a time: first the mandate, and once it is signed the separate one about her twin."""
    rows = MandateProposal.objects.select_related("talent", "agency", "mandate")
    found = get_object_or_404(rows, pk=pk, talent=parse_ref(actor_of(request).party, "talent"))
    if request.method != "POST":
        return _read(request, found, 200)
    if request.POST.get("answer") == "sign" and not request.POST.get("agreed"):
        return _read(request, found, 422, unticked=True)
    try:
        return _answer(request, found)
    except DomainError as error:
        found.refresh_from_db()
        return refused(request, error, lambda status: _read(request, found, status))  # type: ignore[arg-type]


@require_http_methods(["GET", "HEAD", "POST"])
@a_model
def mandate_end(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What it touches first, then one press."""
    actor = actor_of(request)
    rows = Mandate.objects.select_related("talent", "agency")
    mandate = get_object_or_404(rows, pk=pk, talent=parse_ref(actor.party, "talent"))
    if request.method != "POST":
        return _ask_to_end(request, mandate, 200)
    try:
        end_by_model(by=actor, mandate=mandate)
    except DomainError as error:
        return refused(request, error, lambda status: _ask_to_end(request, mandate, status))  # type: ignore[arg-type]
    messages.success(request, f"Ended. {mandate.agency.name} represents you no more.")
    return redirect("mandates")


def _answer(request: PortalRequest, found: MandateProposal) -> HttpResponse:
    """Does what she pressed, to the text that she saw: `part` says which of the two it was."""
    actor = actor_of(request)
    about_twins = request.POST.get("part") == "twins"
    if request.POST.get("answer") != "sign":
        return _refuse(request, actor, found, about_twins=about_twins)
    seen = {"language": request.POST.get("language", ""), "shown_sha256": request.POST.get("shown", "")}
    if about_twins:
        sign_twins(by=actor, proposal=found, **seen)
        messages.success(request, f"Signed. {found.agency.name} may answer for your twin beside you.")
        return redirect("mandates")
    sign_mandate(by=actor, proposal=found, **seen)
    messages.success(request, f"Signed. {found.agency.name} represents you.")
    return redirect("proposal", found.pk) if found.covers_twins else redirect("mandates")


def _refuse(request: PortalRequest, actor: Actor, found: MandateProposal, *, about_twins: bool) -> HttpResponse:
    if about_twins:
        refuse_twins(by=actor, proposal=found)
        messages.success(request, "Your twin stays outside this mandate.")
    else:
        refuse(by=actor, proposal=found)
        messages.success(request, "Refused. You need not say why.")
    return redirect("mandates")


def _read(request: PortalRequest, found: MandateProposal, status: int, *, unticked: bool = False) -> HttpResponse:
    language = request.POST.get("language") or request.GET.get("language") or _her_language(found)
    language = language_of(language)
    context: dict[str, Any] = {"proposal": found, "unticked": unticked, "languages": LANGUAGES, "language": language}
    if found.state == MandateProposal.State.WAITING:
        context |= {"part": "mandate", "text": mandate_text(found, language=language)}
    elif found.twins_wait:
        context |= {"part": "twins", "text": twins_text(found, language=language)}
    if "text" in context:
        context["title"], _, context["body"] = context["text"].partition("\n")
        context["shown"] = sha256_hex(context["text"].encode())
    return render(request, "portal/proposal.html", context, status=status)


def _her_language(found: MandateProposal) -> str:
    return found.talent.user.language if found.talent.user else "en"


def _ask_to_end(request: PortalRequest, mandate: Mandate, status: int) -> HttpResponse:
    context = {"mandate": mandate, "touched": touched_by_end(mandate), "notice": AGENCY_NOTICE_DAYS}
    return render(request, "portal/mandate_end.html", context, status=status)
