"""All pictures that wait for the model on one page: each opened at full size, several passed at once after that."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.models import Booking, Review
from apps.bookings.services import looking
from apps.bookings.states import State
from apps.bookings.views.checking import hers, likeness_of
from apps.bookings.views.ids import ids_of
from apps.bookings.views.pictures import Picture, clear
from apps.bookings.views.scope import ActedRequest, booking_of, refused
from apps.common.errors import DomainError
from apps.organizations.permissions import Permission


@dataclass(frozen=True)
class Card:
    review: Review
    number: int
    picture: Picture

    @property
    def may_pass(self) -> bool:
        return looking.may_pass_with_others(self.review)

    @property
    def doubt(self) -> str:
        """Why it is decided by itself; empty where no check is in doubt."""
        likeness = likeness_of(self.review.candidate)
        return likeness.words if likeness.tone == "warn" else ""


@require_safe
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def pictures_waiting(request: ActedRequest, pk: UUID) -> HttpResponse:
    return _page(request, booking_of(request, pk))


@require_POST
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def open_picture(request: ActedRequest, pk: UUID) -> HttpResponse:
    """She opens it at full size. With a script the picture is on the screen already, and its line comes back."""
    review = hers(request, pk)
    looking.open_full_size(by=request.actor, review=review)
    if request.htmx:
        review.refresh_from_db(fields=["opened_at"])
        card = Card(review, int(request.POST.get("number", "0") or 0), clear(review.candidate.file))
        return render(request, "bookings/check_all.html#line", {"card": card})
    return redirect(f"{reverse('picture_check', args=[review.booking_id])}?picture={review.pk}")


@require_POST
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def pass_ticked(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    ticked = booking.reviews.filter(pk__in=ids_of(request.POST.getlist("several")))
    rows = list(ticked.select_related("booking__twin__talent", "candidate__file", "look"))
    try:
        looking.pass_several(by=request.actor, booking=booking, reviews=rows)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, booking_of(request, pk), status))
    messages.success(request, f"{len(rows)} passed.")
    return redirect("picture_check", pk=pk)


def _page(request: ActedRequest, booking: Booking, status: int = 200) -> HttpResponse:
    """Two queries of its own, whatever the number of pictures."""
    waiting = booking.reviews.filter(decision=Review.Decision.WAITING).select_related("candidate__file", "look")
    rows = waiting.order_by("created_at") if booking.state == State.IN_REVIEW else []
    cards = [Card(review, number, clear(review.candidate.file)) for number, review in enumerate(rows, 1)]
    context = {"booking": booking, "cards": cards, "opened": sum(card.may_pass for card in cards)}
    return render(request, "bookings/check_all.html", context, status=status)
