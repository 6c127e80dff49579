"""The agency beside the model: it sees what she passed and what she asks about, writes on it, and never votes."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.bookings.models import Booking, Review
from apps.bookings.pin_forms import PinForm
from apps.bookings.services.pins import is_open_to_agency
from apps.bookings.states import State
from apps.bookings.views.pictures import Picture, watermarked
from apps.bookings.views.remarks import Remarks, open_remarks, remarks_of
from apps.bookings.views.scope import ActedRequest, booking_of
from apps.common.refs import parse_ref
from apps.organizations.permissions import Permission


@dataclass(frozen=True)
class Shown:
    review: Review
    number: int
    picture: Picture
    open_remarks: int

    @property
    def asked(self) -> bool:
        return self.review.decision == Review.Decision.WAITING


@require_safe
@acting_as("agency", permission=Permission.VIEW)
def picture_advice(request: ActedRequest, pk: UUID) -> HttpResponse:
    return page(request, booking_of(request, pk), picture=request.GET.get("picture", ""))


def page(
    request: ActedRequest, booking: Booking, status: int = 200, *, picture: str = "", pin_form: PinForm | None = None
) -> HttpResponse:
    """404 for every agency but the one that answers for this booking. Queries do not grow with the pictures."""
    get_object_or_404(Booking, pk=booking.pk, agency=parse_ref(request.actor.party, "org"))
    rows = booking.reviews.select_related("candidate__file", "look").order_by("look__position", "created_at")
    reviews = [review for review in rows if is_open_to_agency(review)]
    counted = open_remarks(request.actor, reviews)
    shown = [
        Shown(review, number, watermarked(review.candidate.file), counted[review])
        for number, review in enumerate(reviews, 1)
    ]
    asked_first = sorted(shown, key=lambda one: not one.asked)
    large = next((one for one in shown if str(one.review.pk) == picture), asked_first[0] if shown else None)
    context = {
        "booking": booking,
        "pictures": shown,
        "large": large,
        "remarks": _remarks(request, booking, large, pin_form) if large else None,
    }
    return render(request, "bookings/advice.html", context, status=status)


def _remarks(request: ActedRequest, booking: Booking, large: Shown, form: PinForm | None) -> Remarks:
    may_write = (
        request.actor.can(Permission.ANSWER_FOR_AGENCY) and booking.state == State.IN_REVIEW and not booking.finished_at
    )
    return remarks_of(request.actor, large.review, large.picture, may_write=may_write, form=form)
