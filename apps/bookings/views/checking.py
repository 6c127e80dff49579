"""The model looks at every picture, one at a time. Nobody sees what she has not passed, but whom she asks."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.decision_forms import VerdictForm
from apps.bookings.models import Booking, Review, Wish
from apps.bookings.pin_forms import PinForm
from apps.bookings.services import looking
from apps.bookings.services.review import decide, shown_by
from apps.bookings.services.wishes import answer_wish
from apps.bookings.states import State
from apps.bookings.views.findings import FindingLine, all_lines, doubt_of
from apps.bookings.views.making import progress_of
from apps.bookings.views.pictures import TITLES, Picture, clear
from apps.bookings.views.remarks import remarks_of
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError
from apps.generation.models import Candidate
from apps.organizations.permissions import Permission


@dataclass(frozen=True)
class Likeness:
    """What the checks found, in words. They advise; she decides."""

    tone: str
    icon: str
    words: str
    detail: str


@dataclass(frozen=True)
class Check:
    """How far she is, and the picture before her now with its neighbours; None when nothing waits."""

    booking: Booking
    total: int
    decided: int
    passed: int
    rejected: int
    position: int
    waiting: int
    review: Review | None
    picture: Picture | None
    before: Review | None
    after: Review | None
    next_picture: Picture | None
    likeness: Likeness | None
    findings: list[FindingLine]

    @property
    def number(self) -> int:
        return self.decided + self.position + 1

    @property
    def scene(self) -> str:
        return TITLES[self.review.look.scene] if self.review else ""


@require_safe
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def picture_check(request: ActedRequest, pk: UUID) -> HttpResponse:
    return page(request, booking_of(request, pk), picture=request.GET.get("picture", ""))


@require_POST
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def decide_picture(request: ActedRequest, pk: UUID) -> HttpResponse:
    review = hers(request, pk)
    form = VerdictForm(request.POST, shown=shown_by(review))
    if not form.is_valid():
        return _again(request, review, UNPROCESSABLE, form)
    passed = form.cleaned_data["verdict"] == "pass"
    try:
        decide(
            by=request.actor,
            review=review,
            passed=passed,
            reason=form.cleaned_data["reason"],
            never=() if passed else form.cleaned_data["never"],
        )
    except DomainError as error:
        return refused(request, error, lambda status: _again(request, review, status))
    if not passed and form.cleaned_data["never"]:
        messages.success(request, "Rejected, and kept as a rule of yours. You can take it out under My rules.")
    return redirect("picture_check", pk=review.booking_id)


@require_POST
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def ask_agency(request: ActedRequest, pk: UUID) -> HttpResponse:
    review = hers(request, pk)
    try:
        looking.ask_advice(by=request.actor, review=review)
    except DomainError as error:
        return refused(request, error, lambda status: _again(request, review, status))
    messages.success(request, "Your agency sees this picture now and can write on it. You decide.")
    return redirect(f"{reverse('picture_check', args=[review.booking_id])}?picture={review.pk}")


@require_POST
@acting_as("talent", permission=Permission.DECIDE_PICTURES)
def wish_answer(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Her yes or no to the words of another picture that the brand asks for."""
    mine = Wish.objects.filter(look__booking__in=Booking.objects.visible_to(request.actor))
    wish = get_object_or_404(mine.select_related("look__booking__twin__talent"), pk=pk)
    booking = wish.look.booking_id
    granted = request.POST.get("answer") == "yes"
    try:
        answer_wish(by=request.actor, wish=wish, granted=granted)
    except DomainError as error:
        return refused(request, error, lambda status: page(request, booking_of(request, booking), status))
    messages.success(request, "It is made now and comes to you first." if granted else "It is not made.")
    return redirect("picture_check", pk=booking)


def page(
    request: ActedRequest,
    booking: Booking,
    status: int = 200,
    form: VerdictForm | None = None,
    *,
    picture: str = "",
    pin_form: PinForm | None = None,
) -> HttpResponse:
    check = check_of(booking, picture)
    review = check.review
    context = {
        "booking": booking,
        "check": check,
        "making": progress_of(booking),
        "open": booking.state == State.IN_REVIEW,
        "form": form or VerdictForm(shown=shown_by(review) if review else ()),
        "rejecting": form is not None,
        "wishes": wishes_of(booking),
    }
    if review and check.picture:
        context["remarks"] = remarks_of(request.actor, review, check.picture, may_write=True, form=pin_form)
    return render(request, "bookings/check.html", context, status=status)


def wishes_of(booking: Booking) -> list[Wish]:
    """What the brand asks for with words, and waits for her."""
    if booking.state != State.IN_REVIEW:
        return []
    return list(Wish.objects.filter(look__booking=booking, state=Wish.State.WAITING).select_related("look"))


def check_of(booking: Booking, asked_for: str = "") -> Check:
    """The picture she asked for, else the oldest that waits, with its neighbours: the phone fetches the next one ahead.
    One query."""
    reviews = list(booking.reviews.select_related("candidate__file", "look").order_by("created_at"))
    for review in reviews:
        review.booking = booking
    open_now = booking.state == State.IN_REVIEW
    waiting = [review for review in reviews if review.decision == Review.Decision.WAITING] if open_now else []
    at = next((index for index, review in enumerate(waiting) if str(review.pk) == asked_for), 0)
    shown = waiting[at] if waiting else None
    after = waiting[at + 1] if at + 1 < len(waiting) else None
    undecided = sum(review.decision == Review.Decision.WAITING for review in reviews)
    return Check(
        booking=booking,
        total=len(reviews),
        decided=len(reviews) - undecided,
        passed=sum(review.decision == Review.Decision.PASSED for review in reviews),
        rejected=sum(review.decision == Review.Decision.REJECTED for review in reviews),
        position=at,
        waiting=len(waiting),
        review=shown,
        picture=clear(shown.candidate.file) if shown else None,
        before=waiting[at - 1] if at else None,
        after=after,
        next_picture=clear(after.candidate.file) if after else None,
        likeness=likeness_of(shown.candidate) if shown else None,
        findings=all_lines(shown.candidate) if shown else [],
    )


def likeness_of(candidate: Candidate) -> Likeness:
    if candidate.verdict == Candidate.Verdict.PASSED:
        tone, icon, words = "pos", "shield-check", "The check is sure that this is you"
    elif doubt := doubt_of(candidate):
        tone, icon, words = "warn", "eye", doubt
    else:
        tone, icon, words = "warn", "eye", "The check is not sure that this is you. Look closely"
    figures = [
        f"likeness {candidate.likeness:.2f} of 1" if candidate.likeness is not None else "",
        f"nearest other twin {candidate.nearest_other:.2f}" if candidate.nearest_other is not None else "",
    ]
    return Likeness(tone, icon, words, ", ".join(filter(None, figures)))


def hers(request: ActedRequest, pk: UUID) -> Review:
    mine = Review.objects.filter(booking__in=Booking.objects.visible_to(request.actor))
    return get_object_or_404(
        mine.select_related("booking__twin__talent", "booking__agency", "candidate__file", "look"), pk=pk
    )


def _again(request: ActedRequest, review: Review, status: int, form: VerdictForm | None = None) -> HttpResponse:
    return page(request, booking_of(request, review.booking_id), status, form, picture=str(review.pk))
