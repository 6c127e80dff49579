"""Not starting from nothing: a past booking once more, and compositions kept under a name."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.models import BookingTemplate
from apps.bookings.services import again as acts
from apps.bookings.views.following import page
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput
from apps.common.refs import parse_ref
from apps.organizations.permissions import Permission

PER_PAGE = 30


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def duplicate(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    try:
        draft = acts.duplicate_booking(by=request.actor, booking=booking)
    except DomainError as error:
        return refused(request, error, lambda status: page(request, booking_of(request, pk), status))
    messages.success(request, "A new draft, with the looks and the use of that booking. Dates are yours to set.")
    return redirect("booking_compose", pk=draft.pk)


@require_safe
@acting_as("brand", permission=Permission.COMPOSE)
def templates(request: ActedRequest) -> HttpResponse:
    return _page(request)


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def rename(request: ActedRequest, pk: UUID) -> HttpResponse:
    template = get_object_or_404(templates_of(request), pk=pk)
    typed = request.POST.get("name", "")
    try:
        acts.rename_template(by=request.actor, template=template, name=typed)
    except InvalidInput as error:
        return _page(request, UNPROCESSABLE, wrong={"pk": pk, "name": typed, "words": error.message})
    messages.success(request, "Renamed.")
    return redirect("booking_templates")


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def delete(request: ActedRequest, pk: UUID) -> HttpResponse:
    acts.delete_template(by=request.actor, template=get_object_or_404(templates_of(request), pk=pk))
    messages.success(request, "Deleted. Bookings that began with it stay as they are.")
    return redirect("booking_templates")


def templates_of(request: ActedRequest) -> "QuerySet[BookingTemplate]":
    """The brand's own."""
    return BookingTemplate.objects.filter(brand=parse_ref(request.actor.party, "org")).select_related("brand")


def _page(request: ActedRequest, status: int = 200, wrong: dict[str, object] | None = None) -> HttpResponse:
    shown = Paginator(templates_of(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "wrong": wrong, "drafts": f"{reverse('bookings')}?view=drafts"}
    return render(request, "bookings/templates.html", context, status=status)
