"""A person becomes a model: alone or by an agency's invitation, then step by step until her twin can be booked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.addresses import verified_addresses
from apps.accounts.languages import came_with
from apps.accounts.models import User
from apps.bookings.views.scope import CONFLICT, UNPROCESSABLE
from apps.common.errors import DomainError, InvalidInput, StaleState
from apps.common.refs import parse_ref
from apps.portal.access import actor_of
from apps.portal.acting import SESSION_KEY
from apps.portal.middleware import PortalRequest
from apps.portal.onboarding import onboarding as onboarding_of
from apps.portal.views.model import a_model
from apps.roster.models import Invitation
from apps.roster.services.inviting import accept, open_invitation
from apps.talent.forms import JoinForm, ProfileForm, profile_initial
from apps.talent.joining import join as become_model
from apps.talent.models import Talent
from apps.talent.profile import save_profile

NOT_THERE = 404
OVER = "portal/model_invitation_over.html"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join(request: PortalRequest) -> HttpResponse:
    """Alone, without an agency."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  login_required stands before
    if Talent.objects.filter(user=user).exists():
        return redirect("onboarding")
    if not verified_addresses(user):
        messages.warning(request, "Confirm your e-mail address first; then go on.")
        return redirect("account_email")
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            talent = become_model(by=user, about=form.about())
        except InvalidInput as error:
            form.add_error(error.field, error.message)
        else:
            return _welcome(request, talent)
    return render(request, "portal/join.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def model_invitation(request: PortalRequest, secret: str) -> HttpResponse:
    """Which agency invites. The page decides nothing; a press of the invited person does, once."""
    invitation = open_invitation(secret)
    if invitation is None:
        return render(request, OVER, status=NOT_THERE)
    user = request.user if isinstance(request.user, User) else None
    if user is None:
        came_with(request, invitation.entry.language)
    known = user is not None and Talent.objects.filter(user=user).exists()
    form = None if user is None or known else _form(request, invitation)
    context = {
        "invitation": invitation,
        "hers": user is not None and invitation.entry.email in verified_addresses(user),
        "form": form,
    }
    if request.method != "POST" or user is None:
        return render(request, "portal/model_invitation.html", context)
    if form and not form.is_valid():
        return render(request, "portal/model_invitation.html", context, status=UNPROCESSABLE)
    try:
        talent = accept(by=user, secret=secret, about=form.about() if form else None)
    except StaleState:
        return render(request, OVER, status=CONFLICT)
    except DomainError as error:
        if form and isinstance(error, InvalidInput):
            form.add_error(error.field, error.message)
        else:
            messages.error(request, error.message)
        return render(request, "portal/model_invitation.html", context, status=UNPROCESSABLE)
    return _welcome(request, talent)


@require_safe
@a_model
def onboarding(request: PortalRequest) -> HttpResponse:
    talent = get_object_or_404(Talent, pk=parse_ref(actor_of(request).party, "talent"))
    return render(request, "portal/onboarding.html", {"page": onboarding_of(talent), "talent": talent})


@require_http_methods(["GET", "HEAD", "POST"])
@a_model
def profile(request: PortalRequest) -> HttpResponse:
    actor = actor_of(request)
    talent = get_object_or_404(Talent, pk=parse_ref(actor.party, "talent"))
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=profile_initial(talent))
    if form.is_valid():
        try:
            save_profile(by=actor, talent=talent, profile=form.profile())
        except InvalidInput as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Your profile is saved.")
            return redirect("onboarding")
    return render(request, "portal/profile.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)


def _form(request: PortalRequest, invitation: Invitation) -> JoinForm:
    """What the agency told stands there already; she corrects it."""
    entry = invitation.entry
    told = {
        "stage_name": str(entry),
        "birth_date": entry.birth_date,
        "country": entry.country,
        "board": entry.board,
    }
    return JoinForm(request.POST if request.method == "POST" else None, initial=told)


def _welcome(request: PortalRequest, talent: Talent) -> HttpResponse:
    request.session[SESSION_KEY] = talent.party
    messages.success(request, "Welcome. Nothing is made or shown of you before you say so, step by step.")
    return redirect("onboarding")
