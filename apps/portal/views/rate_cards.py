"""An agency's rate card: read by all its people, published by its bookers, each version for good."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.access import acting_as
from apps.bookings.views.scope import CONFLICT, UNPROCESSABLE
from apps.common.errors import DomainError, StaleState
from apps.organizations.permissions import Permission
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.rate_card import RateCardForm, to_publish, usual_factors, versions
from apps.pricing.models import RateCard
from apps.pricing.services import publish_rate_card


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("agency", permission=Permission.VIEW)
def rate_card(request: PortalRequest) -> HttpResponse:
    """Six queries, whatever the rows. Two bookers who publish at the same moment do not overwrite each other."""
    actor, usual = actor_of(request), usual_factors()
    may_publish = actor.can(Permission.MANAGE_ROSTER)
    current = RateCard.objects.current([actor.party]).get(actor.party)
    before = current.factors if current else {}
    posted = request.POST if request.method == "POST" else None
    if posted is not None and not may_publish:
        raise PermissionDenied
    form, status = RateCardForm(posted, usual=usual, card=before), 200
    if posted is not None:
        status = UNPROCESSABLE
        if form.is_valid():
            error = _publish(request, form, current)
            if error is None:
                messages.success(request, "Published. It counts for every price from now on; terms that exist stay.")
                return redirect("rate_card")
            form.add_error(None, error.message)
            status = CONFLICT if isinstance(error, StaleState) else UNPROCESSABLE
    context = {"form": form, "may_publish": may_publish, "current": current, "versions": versions(actor.party, usual)}
    return render(request, "portal/rate_card.html", context, status=status)


def _publish(request: PortalRequest, form: RateCardForm, current: RateCard | None) -> DomainError | None:
    """What stands against it, None where it was published."""
    actor = actor_of(request)
    if request.POST.get("version", "0") != str(current.version if current else 0):
        return StaleState("Somebody else published a version meanwhile. It stands below; look, and publish again.")
    card = to_publish(form.card(), current.factors if current else {}, form.usual)
    if card is None:
        return StaleState("Nothing is different from what holds already.")
    try:
        publish_rate_card(by=actor, owner=actor.party, factors=card)
    except DomainError as error:
        return error
    return None
