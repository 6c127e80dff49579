"""Writing on a picture and settling a remark: the brand, the model and her agency, each from the page she is on."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.access import acting_as
from apps.bookings.models import Booking, Pin, Review
from apps.bookings.pin_forms import PinForm
from apps.bookings.services.pins import pin, resolve
from apps.bookings.views import advising, checking, choosing
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput
from apps.common.refs import parse_ref

PAGES = {"talent": "picture_check", "brand": "select", "agency": "picture_advice"}
SHOW = {"talent": checking.page, "brand": choosing.page, "agency": advising.page}


@require_POST
@acting_as("brand", "talent", "agency")
def add(request: ActedRequest, pk: UUID) -> HttpResponse:
    review = get_object_or_404(_pictures(request), pk=pk)
    form = PinForm(request.POST)
    if not form.is_valid():
        return _again(request, review, UNPROCESSABLE, form)
    try:
        pin(by=request.actor, review=review, **form.cleaned_data)
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _again(request, review, UNPROCESSABLE, form)
    except DomainError as error:
        return refused(request, error, lambda status: _again(request, review, status, form))
    return _back(request, review)


@require_POST
@acting_as("brand", "talent", "agency")
def settle(request: ActedRequest, pk: UUID) -> HttpResponse:
    mine = Pin.objects.of_side(request.actor.kind).filter(review__in=_pictures(request))
    row = get_object_or_404(
        mine.select_related("review__booking__brand", "review__booking__agency", "review__booking__twin__talent"), pk=pk
    )
    try:
        resolve(by=request.actor, pin=row)
    except DomainError as error:
        return refused(request, error, lambda status: _again(request, row.review, status))
    return _back(request, row.review)


def _pictures(request: ActedRequest) -> QuerySet[Review]:
    """Those on which this actor could write: what somebody may not see does not exist for her."""
    actor = request.actor
    rows = Review.objects.filter(booking__in=Booking.objects.visible_to(actor)).select_related(
        "booking__brand", "booking__agency", "booking__twin__talent"
    )
    passed = Q(decision=Review.Decision.PASSED)
    if actor.kind == "brand":
        return rows.filter(passed)
    if actor.kind == "agency":
        own = rows.filter(booking__agency=parse_ref(actor.party, "org"))
        return own.filter(passed | Q(advice_asked_at__isnull=False))
    return rows


def _again(request: ActedRequest, review: Review, status: int, form: PinForm | None = None) -> HttpResponse:
    show = SHOW[request.actor.kind]
    return show(request, booking_of(request, review.booking_id), status, picture=str(review.pk), pin_form=form)


def _back(request: ActedRequest, review: Review) -> HttpResponse:
    return redirect(f"{reverse(PAGES[request.actor.kind], args=[review.booking_id])}?picture={review.pk}#remarks")
