"""The model looks at every picture, one at a time. Nobody sees what she has not passed."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.decision_forms import VerdictForm
from apps.bookings.models import Booking, Review
from apps.bookings.services.review import decide
from apps.bookings.states import State
from apps.bookings.views.making import progress_of
from apps.bookings.views.pictures import TITLES, Picture, clear
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError
from apps.generation.models import Candidate
from apps.organizations.permissions import Permission


@dataclass(frozen=True)
class Likeness:
    """What the likeness guard found, in words. It advises; she decides."""

    tone: str
    icon: str
    words: str
    detail: str


@dataclass(frozen=True)
class Check:
    """How far she is, and the picture before her now; None when nothing waits."""

    booking: Booking
    total: int
    decided: int
    passed: int
    rejected: int
    review: Review | None
    picture: Picture | None
    next_picture: Picture | None
    likeness: Likeness | None

    @property
    def number(self) -> int:
        return self.decided + 1

    @property
    def scene(self) -> str:
        return TITLES[self.review.look.scene] if self.review else ""


@require_safe
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def picture_check(request: ActedRequest, pk: UUID) -> HttpResponse:
    return _page(request, booking_of(request, pk))


@require_POST
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def decide_picture(request: ActedRequest, pk: UUID) -> HttpResponse:
    mine = Review.objects.filter(booking__in=Booking.objects.visible_to(request.actor))
    review = get_object_or_404(mine.select_related("booking__twin__talent", "candidate__file", "look"), pk=pk)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _page(request, booking_of(request, review.booking_id), UNPROCESSABLE, form)
    try:
        decide(
            by=request.actor,
            review=review,
            passed=form.cleaned_data["verdict"] == "pass",
            reason=form.cleaned_data["reason"],
        )
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, booking_of(request, review.booking_id), status))
    return redirect("picture_check", pk=review.booking_id)


def _page(request: ActedRequest, booking: Booking, status: int = 200, form: VerdictForm | None = None) -> HttpResponse:
    context = {
        "booking": booking,
        "check": check_of(booking),
        "making": progress_of(booking),
        "open": booking.state == State.IN_REVIEW,
        "form": form or VerdictForm(),
        "rejecting": form is not None,
    }
    return render(request, "bookings/check.html", context, status=status)


def check_of(booking: Booking) -> Check:
    """The oldest picture that waits, with the one after it so that the phone can fetch it ahead. Two queries."""
    reviews = list(booking.reviews.select_related("candidate__file", "look").order_by("created_at"))
    waiting = [review for review in reviews if review.decision == Review.Decision.WAITING]
    first = waiting[0] if waiting and booking.state == State.IN_REVIEW else None
    return Check(
        booking=booking,
        total=len(reviews),
        decided=len(reviews) - len(waiting),
        passed=sum(review.decision == Review.Decision.PASSED for review in reviews),
        rejected=sum(review.decision == Review.Decision.REJECTED for review in reviews),
        review=first,
        picture=clear(first.candidate.file) if first else None,
        next_picture=clear(waiting[1].candidate.file) if first and len(waiting) > 1 else None,
        likeness=likeness_of(first.candidate) if first else None,
    )


def likeness_of(candidate: Candidate) -> Likeness:
    if candidate.verdict == Candidate.Verdict.PASSED:
        tone, icon, words = "pos", "shield-check", "The check is sure that this is you"
    else:
        tone, icon, words = "warn", "eye", "The check is not sure that this is you. Look closely"
    figures = [
        f"likeness {candidate.likeness:.2f} of 1" if candidate.likeness is not None else "",
        f"nearest other twin {candidate.nearest_other:.2f}" if candidate.nearest_other is not None else "",
    ]
    return Likeness(tone, icon, words, ", ".join(filter(None, figures)))
