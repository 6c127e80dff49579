"""Naming the crew of a booking: beside the composer, on the brand's page of it, on the agency's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from apps.accounts.access import acting_as
from apps.bookings.models import Booking, Credit
from apps.bookings.services import crew as acts
from apps.bookings.states import State
from apps.bookings.views import composer, composing, following, requests
from apps.bookings.views.crew_line import CreditForm, crew_line
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput

PART = "bookings/_credits.html"


@require_POST
@acting_as("brand", "agency")
def add(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    form = CreditForm(request.POST, gives=acts.may_give(request.actor, booking))
    if not form.is_valid():
        return _page(request, pk, UNPROCESSABLE, form)
    try:
        acts.add_credit(by=request.actor, booking=booking, **form.credit)
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _page(request, pk, UNPROCESSABLE, form)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, pk, status, form))
    return _done(request, pk, "Named. It goes into every picture of this booking.")


@require_POST
@acting_as("brand", "agency")
def remove(request: ActedRequest, pk: UUID) -> HttpResponse:
    mine = Credit.objects.filter(booking__in=Booking.objects.visible_to(request.actor))
    credit = get_object_or_404(mine.select_related("booking__brand", "booking__agency"), pk=pk)
    try:
        acts.remove_credit(by=request.actor, credit=credit)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, credit.booking_id, status))
    return _done(request, credit.booking_id, f"{credit.name} is not named any more.")


def _done(request: ActedRequest, pk: UUID, words: str) -> HttpResponse:
    """Beside the composer the section alone, and the price is asked for anew."""
    if _beside_the_composer(request):
        answer = _section(request, booking_of(request, pk))
        answer["HX-Trigger"] = "crew-changed"
        return answer
    messages.success(request, words)
    return redirect("booking", pk=pk)


def _page(request: ActedRequest, pk: UUID, status: int, form: CreditForm | None = None) -> HttpResponse:
    booking = booking_of(request, pk)
    if _beside_the_composer(request):
        return _section(request, booking, status, form)
    if booking.state == State.DRAFT:
        return composing.page(request, composer.shown(booking, add=False), status, crew_form=form)
    show = following.page if request.actor.kind == "brand" else requests.page
    return show(request, booking, status, crew_form=form)


def _section(
    request: ActedRequest, booking: Booking, status: int = 200, form: CreditForm | None = None
) -> HttpResponse:
    return render(request, PART, {"crew": crew_line(request.actor, booking, form)}, status=status)


def _beside_the_composer(request: ActedRequest) -> bool:
    return bool(request.htmx) and not request.htmx.boosted
