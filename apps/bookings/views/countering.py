"""A counter-offer before the brand: the version with what is different, accepting it, answering with one's own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.forms import usage_initial
from apps.bookings.guards import MOST_ROUNDS
from apps.bookings.models import Booking
from apps.bookings.negotiation_forms import OwnVersionForm
from apps.bookings.selectors import named_split
from apps.bookings.services.countering import accept_counter, most_pictures, resubmit
from apps.bookings.states import State
from apps.bookings.terms import with_fields
from apps.bookings.views.negotiation import differences, for_brand, version_before
from apps.bookings.views.pictures import cover_of
from apps.bookings.views.quoting import QuoteBox, quote_box
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote

PAGE = "bookings/counter.html"
OWN = "bookings/counter_own.html"


@require_safe
@acting_as("brand", permission=Permission.VIEW)
def counter(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The version that waits for the brand. Anything else than a counter-offer has its own page."""
    booking = booking_of(request, pk)
    return _page(request, booking) if booking.state == State.COUNTERED else redirect("booking", pk=pk)


@require_POST
@acting_as("brand", permission=Permission.ACCEPT_TERMS)
def accept(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Accept the version that was on the page."""
    booking = booking_of(request, pk)
    given = request.POST.get("version", "")
    try:
        accept_counter(by=request.actor, booking=booking, version=int(given) if given.isdecimal() else 0)
    except DomainError as error:
        return refused(request, error, lambda status: _again(request, pk, status))
    messages.success(request, "Agreed. Pay and the pictures are made.")
    return redirect("booking", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("brand", permission=Permission.COMPOSE)
def own(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The brand's own version in answer. What was typed comes back with its errors."""
    booking = booking_of(request, pk)
    if booking.state != State.COUNTERED:
        return redirect("booking", pk=pk)
    form = _form(booking, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _own_page(request, booking, form)
    if not form.is_valid():
        return _own_page(request, booking, form, UNPROCESSABLE)
    try:
        resubmit(by=request.actor, booking=booking, version=form.cleaned_data["version"], **form.fields_of_version)
    except InvalidInput as error:
        form.blame({error.field or "": error.message})
        return _own_page(request, booking, form, UNPROCESSABLE)
    except DomainError as error:
        return refused(request, error, lambda status: _own_page(request, booking_of(request, pk), form, status))
    messages.success(request, "Sent. Your version is answered anew.")
    return redirect("booking", pk=pk)


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def own_price(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The live price of what is typed. Saves nothing."""
    booking = booking_of(request, pk)
    quote = _live_price(booking, _form(booking, request.POST))
    return render(request, f"{OWN}#quote", {"quote": quote, "booking": booking, "live": True})


def _form(booking: Booking, data: QueryDict | None) -> OwnVersionForm:
    initial = usage_initial(booking) | {"version": booking.version, "pictures": booking.pictures}
    looks = len(booking.looks.all())
    return OwnVersionForm(data, initial=initial, looks=looks, most=most_pictures(booking), booking=booking)


def _live_price(booking: Booking, form: OwnVersionForm) -> QuoteBox:
    if not form.is_valid():
        return QuoteBox(problem=str(next(iter(form.errors.values()))[0]))
    fields = form.fields_of_version
    pictures = fields.pop("pictures")
    return quote_box(with_fields(booking, **fields), pictures=pictures)


def _again(request: ActedRequest, pk: UUID, status: int) -> HttpResponse:
    booking = booking_of(request, pk)
    return _page(request, booking, status) if booking.state == State.COUNTERED else redirect("booking", pk=pk)


def _page(request: ActedRequest, booking: Booking, status: int = 200) -> HttpResponse:
    terms = booking.current_terms
    terms.booking = booking
    before = version_before(booking, terms)
    context = {
        "booking": booking,
        "terms": terms,
        "different": for_brand(differences(booking, terms)),
        "price": Quote.from_json(terms.quote),
        "before": Quote.from_json(before.quote) if before else None,
        "receives": sum(named.share.amount_minor for named in named_split(terms) if named.share.kind == "talent"),
        "media": [Medium(medium).label for medium in terms.media],
        "category": Category(terms.category).label,
        "exclusivity": Exclusivity(terms.exclusivity).label,
        "cover": cover_of(booking),
        "rounds_left": MOST_ROUNDS - booking.rounds,
        "may_accept": request.actor.can(Permission.ACCEPT_TERMS) and booking.brand.checked_at is not None,
        "may_compose": request.actor.can(Permission.COMPOSE),
    }
    return render(request, PAGE, context, status=status)


def _own_page(request: ActedRequest, booking: Booking, form: OwnVersionForm, status: int = 200) -> HttpResponse:
    shown = form if form.is_bound else _form(booking, _as_typed(form))
    context = {
        "booking": booking,
        "form": form,
        "quote": _live_price(booking, shown),
        "cover": cover_of(booking),
        "rounds_left": MOST_ROUNDS - booking.rounds,
        "back": reverse("counter", args=[booking.pk]),
    }
    return render(request, OWN, context, status=status)


def _as_typed(form: OwnVersionForm) -> QueryDict:
    """The form's initial values as if somebody had sent them: the price of the first look at the page."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None:
            data[name] = str(value)
    return data
