"""The joint version is written: the form with what was asked for beside it, and its live price."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import acting_as
from apps.accounts.actor import StepUpNeeded
from apps.bookings.conditions import Conditions, narrowed
from apps.bookings.models import Approval, Booking, Terms
from apps.bookings.negotiation_forms import ProposalForm
from apps.bookings.selectors import opened_answers
from apps.bookings.services.proposing import author_side, propose
from apps.bookings.states import State
from apps.bookings.terms import offer_of, proposal_of, with_fields
from apps.bookings.turns import said_no_instead
from apps.bookings.views.pictures import cover_of
from apps.bookings.views.quoting import QuoteBox, quote_box
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput, NotAllowed
from apps.organizations.permissions import Permission

PAGE = "bookings/proposal.html"


@dataclass(frozen=True)
class Writing:
    """What the page is made of: the version that was asked for, the form, the price of what stands in it."""

    booking: Booking
    asked: Terms
    form: ProposalForm
    quote: QuoteBox


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("agency", "talent", permission=Permission.VIEW)
def version(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Write the version; what is worse than her conditions is said next to its field and nothing typed is lost."""
    booking = _to_write(request, pk)
    if booking.state != State.PROPOSING or said_no_instead(booking):
        messages.info(request, "There is no version to write here now.")
        return redirect("request", pk=pk)
    writing = _writing(booking, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _after_proof(request, writing)
    if not writing.form.is_valid():
        return _page(request, writing, UNPROCESSABLE)
    try:
        propose(
            by=request.actor,
            booking=booking,
            version=writing.form.cleaned_data["version"],
            **writing.form.fields_of_version,
        )
    except InvalidInput as error:
        writing.form.blame({error.field or "": error.message})
        return _page(request, writing, UNPROCESSABLE)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, writing, status), come_back=request.path)
    messages.success(request, "Written. The brand sees it once it is signed.")
    return redirect("request", pk=pk)


@require_POST
@acting_as("agency", "talent", permission=Permission.VIEW)
def price(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The live price of what is typed. Saves nothing."""
    booking = _to_write(request, pk)
    writing = _writing(booking, request.POST)
    return render(request, f"{PAGE}#quote", {"writing": writing, "quote": writing.quote, "booking": booking})


def _to_write(request: ActedRequest, pk: UUID) -> Booking:
    """The booking, for whoever may write its version; everybody else who may see it gets 403."""
    booking = booking_of(request, pk)
    try:
        author_side(request.actor, booking)
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    return booking


def _after_proof(request: ActedRequest, writing: Writing) -> HttpResponse:
    """The proof of who one is comes before the typing, so that nothing typed is lost to it."""
    try:
        request.actor.require_step_up()
    except StepUpNeeded as error:
        return refused(request, error, lambda status: _page(request, writing, status))
    return _page(request, writing)


def _writing(booking: Booking, data: QueryDict | None) -> Writing:
    asked = booking.current_terms
    rows = Approval.objects.filter(terms=asked, taken_back_at=None, opened_at__isnull=False).order_by("-side")
    everybody = [Conditions.from_json(row.conditions) for row in rows]  # the model's first
    before = proposal_of(booking)
    start = offer_of(before) if before else narrowed(offer_of(asked), everybody)
    form = ProposalForm(offer_of(asked), start, data, initial={"version": booking.version})
    return Writing(booking, asked, form, live_price(booking, form))


def live_price(booking: Booking, form: ProposalForm) -> QuoteBox:
    """Of what was typed, else of what the form starts with."""
    filled = form if form.is_bound else ProposalForm(form.asked, form.start, _initial(form))
    if not filled.is_valid():
        return QuoteBox(problem=str(next(iter(filled.errors.values()))[0]))
    fields = filled.fields_of_version
    pictures = fields.pop("pictures")
    return quote_box(with_fields(booking, **fields), pictures=pictures)


def _initial(form: ProposalForm) -> dict[str, object]:
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def _page(request: ActedRequest, writing: Writing, status: int = 200) -> HttpResponse:
    booking = writing.booking
    context = {
        "writing": writing,
        "booking": booking,
        "quote": writing.quote,
        "opened": opened_answers(booking),
        "cover": cover_of(booking),
        "back": reverse("request", args=[booking.pk]),
    }
    return render(request, PAGE, context, status=status)
