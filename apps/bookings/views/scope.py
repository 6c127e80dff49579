"""What every view of a booking starts with: scope, then fetch; and what a refused act looks like."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.middleware import HtmxDetails

from apps.accounts.actor import Actor, StepUpNeeded
from apps.bookings.models import Booking
from apps.common.errors import DomainError, NotAllowed, StaleState

CONFLICT = 409
UNPROCESSABLE = 422


class ActedRequest(HttpRequest):
    """A request behind `acting_as`: somebody acts in it."""

    actor: Actor
    htmx: HtmxDetails


def booking_of(request: ActedRequest, pk: UUID) -> Booking:
    """A booking that this actor may see, with everything its pages name; else 404."""
    rows = (
        Booking.objects.visible_to(request.actor)
        .with_parties()
        .prefetch_related("looks__product", "looks__products__file")
    )
    return get_object_or_404(rows, pk=pk)


def refused(
    request: ActedRequest, error: DomainError, show: Callable[[int], HttpResponse], *, come_back: str = ""
) -> HttpResponse:
    """The page again with the reason on top. Nothing was changed.

    409 with the fresh page when somebody was quicker, 422 when a rule or the input forbids it, 403 for a missing
    right. A missing step-up leads through the sign-in and back to `come_back`.
    """
    if isinstance(error, StepUpNeeded):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': come_back or request.path})}")
    if isinstance(error, NotAllowed):
        raise PermissionDenied(error.message) from error
    messages.error(request, error.message)
    return show(CONFLICT if isinstance(error, StaleState) else UNPROCESSABLE)
