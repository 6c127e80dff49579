"""The one page of somebody of a crew, the link that leads to it, and the way to Stripe's page."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.bookings.views.scope import CONFLICT, UNPROCESSABLE, refused
from apps.common.errors import DomainError, InvalidInput
from apps.crew.models import CrewMember
from apps.crew.services import claim, member_of, of_user, say_country
from apps.payments.errors import PaymentUnavailable
from apps.payments.services import begin_payouts, came_back
from apps.portal.crew import crew_actor, kept_for
from apps.portal.crew_forms import CountryForm
from apps.portal.middleware import PortalRequest

NOT_THERE = 404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_shares(request: PortalRequest, token: str) -> HttpResponse:
    """That something is kept, and for which address. The page decides nothing; a press of whoever has it does."""
    member = member_of(token)
    if member is None:
        return render(request, "portal/crew_claim_over.html", status=NOT_THERE)
    user = request.user if isinstance(request.user, User) else None
    if user and member.user_id == user.pk:
        return redirect("crew_page")
    hers = user is not None and member.email in verified_addresses(user)
    context = {"member": member, "hers": hers}
    if request.method != "POST" or user is None:
        return render(request, "portal/crew_claim.html", context)
    try:
        claim(user=user, member=member)
    except DomainError as error:
        messages.error(request, error.message)
        return render(request, "portal/crew_claim.html", context, status=CONFLICT if hers else UNPROCESSABLE)
    messages.success(request, "It is yours. It waits until you say where it goes.")
    return redirect("crew_page")


@never_cache
@require_safe
@login_required
def page(request: PortalRequest) -> HttpResponse:
    return _page(request)


@never_cache
@require_POST
@login_required
def payouts(request: PortalRequest, pk: UUID) -> HttpResponse:
    """A press leads to Stripe's page, through the sign-in where the last proof of who she is is old. Before the first
    one she says in which country she is paid."""
    member = _mine(request, pk)
    user = _user(request)
    form = None if member.country else CountryForm(request.POST)
    if form and not form.is_valid():
        return _page(request, UNPROCESSABLE, form, member)
    try:
        if form:
            member = say_country(user=user, member=member, country=form.cleaned_data["country"])
        here = settings.SITE_URL + reverse("crew_page")
        way = begin_payouts(
            by=crew_actor(request, user, member),
            return_url=settings.SITE_URL + reverse("crew_payouts_back", args=[member.pk]),
            refresh_url=here,
        )
    except InvalidInput as error:
        messages.error(request, error.message)
        return _page(request, UNPROCESSABLE, form, member)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, status), come_back=reverse("crew_page"))  # type: ignore[arg-type]
    return redirect(way.address)


@never_cache
@require_GET
@login_required
def payouts_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    """From the hosted page. Coming here says nothing; what Stripe answers does."""
    try:
        came_back(by=crew_actor(request, _user(request), _mine(request, pk)))
    except PaymentUnavailable as error:
        messages.info(request, error.message)
    return redirect("crew_page")


def _page(
    request: PortalRequest, status: int = 200, form: CountryForm | None = None, of: CrewMember | None = None
) -> HttpResponse:
    kept = [
        (row, form if form and of and of.pk == row.member.pk else CountryForm())
        for row in kept_for(request, _user(request))
    ]
    return render(request, "portal/crew.html", {"kept": kept}, status=status)


def _mine(request: PortalRequest, pk: UUID) -> CrewMember:
    member: CrewMember = get_object_or_404(of_user(_user(request)), pk=pk)
    return member


def _user(request: PortalRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  login_required stands before
    return user
