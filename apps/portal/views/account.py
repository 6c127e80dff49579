"""Her own account, whoever she acts for: name, language, clock, and the ways to everything else about it."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.addresses import verified_addresses
from apps.accounts.forms import ProfileForm
from apps.accounts.models import User
from apps.accounts.services import save_profile
from apps.bookings.views.scope import UNPROCESSABLE
from apps.portal.middleware import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: PortalRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  login_required stands before
    form = ProfileForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        save_profile(user=user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("account")
    context = {"form": form, **_state_of(user)}
    return render(request, "portal/account.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
@login_required
def end_session(request: PortalRequest, pk: int) -> HttpResponse:
    """Sign one browser out, at once. Her own only; the present one leads to the home page."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    present = session.is_current()
    end_sessions(request, [session])
    if present:
        return redirect("home")
    messages.success(request, "Signed out there.")
    return redirect("usersessions_list")


def _state_of(user: User) -> dict[str, object]:
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return {
        "addresses": len(verified_addresses(user)),
        "has_password": user.has_usable_password(),
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
    }
