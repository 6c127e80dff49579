"""Giving one consent and taking one back: hers alone, and the second as easy as the first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.access import acting_as
from apps.bookings.views.scope import refused
from apps.common.canonical import sha256_hex
from apps.common.errors import DomainError, InvalidInput
from apps.common.legal_texts import LANGUAGES, language_of
from apps.common.refs import parse_ref
from apps.consents.consent_text import consent_text
from apps.consents.models import Consent, Purpose
from apps.consents.services import grant, withdraw
from apps.portal.access import actor_of
from apps.portal.blast_radius import blast_radius
from apps.portal.consent_forms import ConsentForm
from apps.portal.middleware import PortalRequest
from apps.talent.models import Talent

a_model = acting_as("talent", permission="sign_consent")


@require_http_methods(["GET", "HEAD", "POST"])
@a_model
def give_consent(request: PortalRequest, purpose: str) -> HttpResponse:
    """First the form, then the very text to read, then the signature: three looks, nothing ticked by itself."""
    if purpose not in Purpose.values:
        raise Http404
    rows = Talent.objects.select_related("user")
    talent = get_object_or_404(rows, pk=parse_ref(actor_of(request).party, "talent"))
    wanted = (
        request.POST.get("language") or request.GET.get("language") or (talent.user.language if talent.user else "")
    )
    language = language_of(wanted)
    form = ConsentForm(request.POST if request.method == "POST" else None, purpose=Purpose(purpose), language=language)
    context: dict[str, Any] = {"form": form, "purpose": Purpose(purpose), "languages": LANGUAGES, "language": language}
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/give_consent.html", context, status=422 if form.is_bound else 200)
    text = consent_text(talent=talent, purpose=purpose, **form.terms())
    context |= {"text": text, "shown": sha256_hex(text.encode())}
    context["title"], _, context["body"] = text.partition("\n")
    if request.POST.get("step") != "sign":
        return render(request, "portal/give_consent.html", context)
    if not request.POST.get("agreed"):
        return render(request, "portal/give_consent.html", context | {"unticked": True}, status=422)
    return _sign(request, talent, context)


@require_http_methods(["GET", "HEAD", "POST"])
@a_model
def withdraw_consent(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What it touches on the first press, done on the second. No step-up: giving it back is never harder."""
    actor = actor_of(request)
    rows = Consent.objects.select_related("talent")
    consent = get_object_or_404(rows, pk=pk, talent=parse_ref(actor.party, "talent"))
    if request.method != "POST":
        return _ask_to_withdraw(request, consent, 200)
    try:
        withdraw(by=actor, consent=consent)
    except DomainError as error:
        return refused(request, error, lambda status: _ask_to_withdraw(request, consent, status))  # type: ignore[arg-type]
    messages.success(request, f"Taken back: {consent.get_purpose_display().lower()}.")
    return redirect("my_twin")


def _sign(request: PortalRequest, talent: Talent, context: dict[str, Any]) -> HttpResponse:
    """Signs the text that she saw, or shows the form again with what stands against it."""
    form: ConsentForm = context["form"]
    terms = form.terms()
    purpose: Purpose = context["purpose"]
    uses, shown = terms.pop("uses"), request.POST.get("shown", "")
    try:
        made = grant(
            by=actor_of(request), talent=talent, purpose=purpose, intended_uses=uses, shown_sha256=shown, **terms
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        left = {key: value for key, value in context.items() if key not in ("text", "body")}
        return render(request, "portal/give_consent.html", left, status=422)
    except DomainError as error:
        again = lambda status: render(request, "portal/give_consent.html", context, status=status)  # noqa: E731
        return refused(request, error, again)  # type: ignore[arg-type]
    messages.success(request, f"Signed: {purpose.label.lower()}.")
    return redirect("certificate", made.signature_id)


def _ask_to_withdraw(request: PortalRequest, consent: Consent, status: int) -> HttpResponse:
    context = {"consent": consent, "radius": blast_radius(consent)}
    return render(request, "portal/withdraw_consent.html", context, status=status)
