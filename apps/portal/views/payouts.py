"""Where a payee's money goes: how far her account is, and the way to Stripe's page."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.access import acting_as
from apps.bookings.views.scope import refused
from apps.common.errors import DomainError
from apps.organizations.permissions import Permission
from apps.payments.errors import PaymentUnavailable
from apps.payments.services import begin_payouts, came_back
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.payouts import payouts_page

a_payee = acting_as("talent", "agency", permission=Permission.SET_UP_PAYOUTS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@a_payee
def payouts(request: PortalRequest) -> HttpResponse:
    """A press leads to the hosted page, through the sign-in where the last proof of who she is is old.

    Stripe sends her here, not straight on, when a link was used already: making another is a press of hers.
    """
    if request.method != "POST":
        return _show(request)
    page = reverse("payouts")
    try:
        way = begin_payouts(
            by=actor_of(request),
            return_url=f"{settings.SITE_URL}{reverse('payouts_back')}",
            refresh_url=f"{settings.SITE_URL}{page}?link=over",
        )
    except DomainError as error:
        return refused(request, error, lambda status: _show(request, status), come_back=page)  # type: ignore[arg-type]
    return redirect(way.address)


@never_cache
@require_GET
@a_payee
def payouts_back(request: PortalRequest) -> HttpResponse:
    """From the hosted page. Coming here says nothing; what Stripe answers does."""
    try:
        came_back(by=actor_of(request))
    except PaymentUnavailable as error:
        messages.info(request, error.message)
    return redirect("payouts")


def _show(request: PortalRequest, status: int = 200) -> HttpResponse:
    context = {"page": payouts_page(actor_of(request)), "link_over": request.GET.get("link") == "over"}
    return render(request, "portal/payouts.html", context, status=status)
