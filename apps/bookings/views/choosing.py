"""The brand chooses among the pictures that the model passed, asks for another, and finishes."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.choice import choice_ends_at
from apps.bookings.models import Booking, Look, Review, Wish
from apps.bookings.pin_forms import PinForm
from apps.bookings.services import looking
from apps.bookings.services import review as acts
from apps.bookings.services.viewing import note_views
from apps.bookings.states import State
from apps.bookings.views.findings import FindingLine, product_lines
from apps.bookings.views.ids import ids_of
from apps.bookings.views.making import LookProgress, Making, progress_of
from apps.bookings.views.pictures import TITLES, Picture, watermarked
from apps.bookings.views.remarks import open_remarks, remarks_of
from apps.bookings.views.scope import ActedRequest, booking_of, refused
from apps.common.errors import DomainError
from apps.organizations.permissions import Permission


@dataclass(frozen=True)
class Passed:
    """One picture that the brand may see. `number` counts through all looks."""

    review: Review
    number: int
    picture: Picture
    open_remarks: int

    @property
    def chosen(self) -> bool:
        return self.review.selected_at is not None


@dataclass(frozen=True)
class LookRow:
    look: Look
    scene: str
    progress: LookProgress
    pictures: list[Passed]
    wish: Wish | None

    @property
    def open_remarks(self) -> int:
        return sum(passed.open_remarks for passed in self.pictures)


@dataclass(frozen=True)
class Selection:
    booking: Booking
    ordered: int
    making: Making
    looks: list[LookRow]
    left_to_ask: int
    candidates: int

    @property
    def pictures(self) -> list[Passed]:
        return [passed for look in self.looks for passed in look.pictures]

    @property
    def chosen(self) -> int:
        return self.making.chosen


@dataclass(frozen=True)
class LargeView:
    """One picture with its neighbours, for the keys, and the other ones of its look, to compare it with."""

    shown: Passed
    before: Passed | None
    after: Passed | None
    others: list[Passed]
    beside: Passed | None
    product: list[FindingLine]


@require_safe
@acting_as("brand", permission=Permission.VIEW)
def select(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    return page(request, booking) if booking.state == State.IN_REVIEW else _leave(request, pk)


@require_POST
@acting_as("brand", permission=Permission.SELECT_PICTURES)
def choose_several(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Take all that are ticked. What is no passed picture of this booking does not count as one."""
    ticked = Review.objects.filter(
        booking=booking_of(request, pk), decision=Review.Decision.PASSED, pk__in=ids_of(request.POST.getlist("several"))
    )
    rows = list(ticked.select_related("booking__brand", "look"))
    return _after(request, pk, lambda: looking.select_several(by=request.actor, reviews=rows))


@require_POST
@acting_as("brand", permission=Permission.SELECT_PICTURES)
def choose(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Take one passed picture, or put it back. What she has not passed does not exist here: 404."""
    mine = Review.objects.filter(booking__in=Booking.objects.visible_to(request.actor), decision=Review.Decision.PASSED)
    review = get_object_or_404(mine.select_related("booking__brand", "look"), pk=pk)
    return _after(
        request,
        review.booking_id,
        lambda: acts.select(by=request.actor, review=review, chosen="chosen" in request.POST),
    )


@require_POST
@acting_as("brand", permission=Permission.SELECT_PICTURES)
def another(request: ActedRequest, pk: UUID) -> HttpResponse:
    mine = Look.objects.filter(booking__in=Booking.objects.visible_to(request.actor))
    look = get_object_or_404(mine.select_related("booking__brand"), pk=pk)
    return _after(request, look.booking_id, lambda: acts.ask_another(by=request.actor, look=look))


@require_POST
@acting_as("brand", permission=Permission.SELECT_PICTURES)
def finish_selection(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    try:
        acts.finish(by=request.actor, booking=booking)
    except DomainError as error:
        return refused(request, error, lambda status: _fresh(request, pk, status))
    messages.success(request, "Finished. The pictures are labelled and delivered in a moment.")
    return redirect("booking", pk=pk)


def _after(request: ActedRequest, pk: UUID, act: Callable[[], object]) -> HttpResponse:
    """Do one act and show the selection as it is now: the moving part to htmx, else the page it was asked from."""
    try:
        act()
    except DomainError as error:
        if not request.htmx:
            return refused(request, error, lambda status: _fresh(request, pk, status))
        messages.error(request, error.message)
        return HttpResponseClientRefresh()
    if request.htmx:
        return _fresh(request, pk)
    opened = request.POST.get("picture", "")
    return redirect(reverse("select", args=[pk]) + (f"?picture={opened}" if opened else ""))


def _fresh(request: ActedRequest, pk: UUID, status: int = 200) -> HttpResponse:
    booking = booking_of(request, pk)
    return page(request, booking, status) if booking.state == State.IN_REVIEW else _leave(request, pk)


def _leave(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The selection is over. A fragment cannot be redirected, so htmx is told to move the whole page."""
    address = reverse("booking", args=[pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def page(
    request: ActedRequest, booking: Booking, status: int = 200, *, picture: str = "", pin_form: PinForm | None = None
) -> HttpResponse:
    if booking.state != State.IN_REVIEW:
        return _leave(request, booking.pk)
    selection = selection_of(booking, request.actor)
    note_views(by=request.actor, reviews=[passed.review for passed in selection.pictures])
    large = _large(
        selection, picture or request.GET.get("picture") or request.POST.get("picture", ""), request.GET.get("with", "")
    )
    may_select = request.actor.can(Permission.SELECT_PICTURES) and not booking.finished_at
    context = {"booking": booking, "selection": selection, "large": large, "may_select": may_select}
    context["choose_until"] = choice_ends_at(booking)
    if large:
        shown = large.shown
        context["remarks"] = remarks_of(request.actor, shown.review, shown.picture, may_write=may_select, form=pin_form)
    template = "bookings/select_one.html" if large else "bookings/select.html"
    return render(request, "bookings/select.html#selection" if request.htmx else template, context, status=status)


def selection_of(booking: Booking, actor: Actor) -> Selection:
    """Every passed picture, look by look, in a constant number of queries."""
    passed = booking.reviews.filter(decision=Review.Decision.PASSED).select_related("candidate__file", "look")
    rows = list(passed.order_by("look__position", "created_at"))
    counted = open_remarks(actor, rows)
    by_look: dict[UUID, list[Review]] = {}
    for review in rows:
        by_look.setdefault(review.look_id, []).append(review)
    making = progress_of(booking)
    progress = {row.look.pk: row for row in making.looks}
    wishes = {wish.look_id: wish for wish in Wish.objects.filter(look__booking=booking).order_by("created_at")}
    looks, number = [], 0
    for look in booking.looks.all():
        pictures = []
        for review in by_look.get(look.pk, []):
            number += 1
            pictures.append(Passed(review, number, watermarked(review.candidate.file), counted[review]))
        looks.append(LookRow(look, TITLES[look.scene], progress[look.pk], pictures, wishes.get(look.pk)))
    terms = booking.current_terms
    return Selection(booking, terms.pictures, making, looks, acts.left_to_ask(booking), terms.candidates)


def _large(selection: Selection, asked_for: str, beside: str) -> LargeView | None:
    pictures = selection.pictures
    for index, passed in enumerate(pictures):
        if str(passed.review.pk) == asked_for:
            before = pictures[index - 1] if index else None
            after = pictures[index + 1] if index + 1 < len(pictures) else None
            others = [one for one in pictures if one.review.look_id == passed.review.look_id and one is not passed]
            other = next((one for one in others if str(one.review.pk) == beside), None)
            return LargeView(passed, before, after, others, other, product_lines(passed.review.candidate))
    return None
