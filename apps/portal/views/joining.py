"""The first steps of a person who acts for nobody yet: she registers a party, or joins a team that asked her."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.addresses import verified_addresses
from apps.accounts.forms import NameForm
from apps.accounts.models import User
from apps.accounts.services import save_profile
from apps.bookings.views.scope import CONFLICT, UNPROCESSABLE
from apps.common.errors import DomainError, InvalidInput, StaleState
from apps.organizations.forms import FORMS
from apps.organizations.services import accept, open_invitation, register
from apps.portal.acting import SESSION_KEY
from apps.portal.middleware import PortalRequest

NOT_THERE = 404


@require_safe
@login_required
def begin(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/begin.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register_agency(request: PortalRequest) -> HttpResponse:
    return _register(request, "agency")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register_brand(request: PortalRequest) -> HttpResponse:
    return _register(request, "brand")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team_invitation(request: PortalRequest, secret: str) -> HttpResponse:
    """Who invites, and as what. The page decides nothing; a press of the invited person does, once."""
    invitation = open_invitation(secret)
    if invitation is None:
        return render(request, "portal/team_invitation_over.html", status=NOT_THERE)
    user = request.user if isinstance(request.user, User) else None
    context = {
        "invitation": invitation,
        "hers": user is not None and invitation.email in verified_addresses(user),
        "name_form": _name_form(request, user) if user else None,
    }
    if request.method != "POST" or user is None:
        return render(request, "portal/team_invitation.html", context)
    name_form = context["name_form"]
    if isinstance(name_form, NameForm) and not name_form.is_valid():
        return render(request, "portal/team_invitation.html", context, status=UNPROCESSABLE)
    try:
        member = accept(by=user, secret=secret)
    except StaleState:
        return render(request, "portal/team_invitation_over.html", status=CONFLICT)
    except DomainError as error:
        messages.error(request, error.message)
        return render(request, "portal/team_invitation.html", context, status=UNPROCESSABLE)
    _keep_name(user, name_form)
    request.session[SESSION_KEY] = member.organization.party
    messages.success(request, f"You work for {member.organization.name} now.")
    return redirect("landing")


def _register(request: PortalRequest, kind: str) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  login_required stands before
    if not verified_addresses(user):
        messages.warning(request, "Confirm your e-mail address first; then register.")
        return redirect("account_email")
    given = request.POST if request.method == "POST" else None
    form = FORMS[kind](given, initial={"contact_email": user.email, "currency": "EUR"})
    name_form = _name_form(request, user)
    context = {"form": form, "name_form": name_form, "kind": kind}
    valid = [found.is_valid() for found in (form, name_form) if found]  # both, so that both show what is wrong
    if not all(valid):
        return render(request, "portal/register.html", context, status=UNPROCESSABLE if form.is_bound else 200)
    try:
        organization = register(by=user, kind=kind, details=form.details())
    except InvalidInput as error:
        form.add_error(error.field, error.message)
        return render(request, "portal/register.html", context, status=UNPROCESSABLE)
    _keep_name(user, name_form)
    request.session[SESSION_KEY] = organization.party
    messages.success(request, f"{organization.name} is registered. We look at it now; you can prepare meanwhile.")
    return redirect("landing")


def _name_form(request: PortalRequest, user: User) -> NameForm | None:
    """Only for an account without a name."""
    return None if user.name else NameForm(request.POST if request.method == "POST" else None)


def _keep_name(user: User, form: object) -> None:
    if isinstance(form, NameForm):
        save_profile(user=user, name=form.cleaned_data["person"], language=user.language, time_zone=user.time_zone)
