"""Paying: to the hosted page and back. The return page believes the ledger's side, never the browser."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.services import payment
from apps.bookings.states import State
from apps.bookings.views.scope import CONFLICT, ActedRequest, booking_of, refused
from apps.common.errors import DomainError
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote

ASK_AGAIN = 90


@require_POST
@acting_as("brand", permission=Permission.PAY)
def checkout(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    try:
        charge = payment.checkout(by=request.actor, booking=booking)
    except DomainError as error:
        return refused(request, error, lambda status: _waiting(request, pk, status))
    return redirect(charge.checkout_url)


@require_safe
@acting_as("brand", permission=Permission.VIEW)
def checkout_return(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Back from the payment page. Asks again by itself until the payment has arrived."""
    return _waiting(request, pk)


def _waiting(request: ActedRequest, pk: UUID, status: int = 200) -> HttpResponse:
    """The page asks again every two seconds and gives up after ASK_AGAIN times: banks outlast readers."""
    booking = booking_of(request, pk)
    given = request.GET.get("tries", "")
    left = int(given) if given.isdecimal() and len(given) <= len(str(ASK_AGAIN)) else ASK_AGAIN
    terms = booking.terms.filter(version=booking.version).first()
    context = {
        "booking": booking,
        "waiting": booking.state == State.AGREED and status != CONFLICT,
        "tries": max(0, min(left, ASK_AGAIN) - 1),
        "price": Quote.from_json(terms.quote) if terms else None,
    }
    template = "bookings/paid.html#arrival" if request.htmx else "bookings/paid.html"
    return render(request, template, context, status=status)
