"""Naming the crew of a booking, from the brand's page of it and from the agency's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from apps.accounts.access import acting_as
from apps.bookings.models import Booking, Credit
from apps.bookings.services import crew as acts
from apps.bookings.views import following, requests
from apps.bookings.views.crew_line import CreditForm
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput


@require_POST
@acting_as("brand", "agency")
def add(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    form = CreditForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, UNPROCESSABLE, form)
    try:
        acts.add_credit(by=request.actor, booking=booking, **form.cleaned_data)
    except InvalidInput as error:
        form.add_error(error.field, error.message)
        return _page(request, pk, UNPROCESSABLE, form)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, pk, status, form))
    messages.success(request, "Named. It goes into every picture of this booking.")
    return redirect("booking", pk=pk)


@require_POST
@acting_as("brand", "agency")
def remove(request: ActedRequest, pk: UUID) -> HttpResponse:
    mine = Credit.objects.filter(booking__in=Booking.objects.visible_to(request.actor))
    credit = get_object_or_404(mine.select_related("booking__brand", "booking__agency"), pk=pk)
    try:
        acts.remove_credit(by=request.actor, credit=credit)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, credit.booking_id, status))
    messages.success(request, f"{credit.name} is not named any more.")
    return redirect("booking", pk=credit.booking_id)


def _page(request: ActedRequest, pk: UUID, status: int, form: CreditForm | None = None) -> HttpResponse:
    show = following.page if request.actor.kind == "brand" else requests.page
    return show(request, booking_of(request, pk), status, crew_form=form)
