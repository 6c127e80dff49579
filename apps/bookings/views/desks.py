"""Whose request it is at the agency."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.access import acting_as
from apps.accounts.models import User
from apps.bookings.services.desks import give_to
from apps.bookings.views.requests import request_again
from apps.bookings.views.scope import ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput
from apps.organizations.permissions import Permission


@require_POST
@acting_as("agency", permission=Permission.ANSWER_FOR_AGENCY)
def request_booker(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Take it, hand it over, or give it back to everybody."""
    booking = booking_of(request, pk)
    try:
        given = give_to(by=request.actor, booking=booking, booker=_chosen(request.POST.get("booker", "")))
    except DomainError as error:
        return refused(request, error, lambda status: request_again(request, pk, status))
    messages.success(request, f"{given.booker or 'Everybody'} keeps this request.")
    return redirect("request", pk=pk)


def _chosen(typed: str) -> User | None:
    """None for everybody. Raises InvalidInput for what is no account."""
    if not typed:
        return None
    try:
        found = User.objects.filter(pk=UUID(typed)).first()
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput("Choose a colleague who answers requests.", field="booker")
    return found
