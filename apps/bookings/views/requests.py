"""A request before the model and the agency: what is asked, what they receive, their sealed answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings import memo
from apps.bookings.agreement import read_memo
from apps.bookings.decision_forms import AnswerForm
from apps.bookings.guards import agency_is_checked
from apps.bookings.models import Approval, Booking, Terms
from apps.bookings.negotiation_forms import ConditionsForm
from apps.bookings.selectors import conditions_of, my_answer, named_split, opened_answers, timeline
from apps.bookings.services import answers
from apps.bookings.services.desks import bookers_of, deputy_of
from apps.bookings.states import State
from apps.bookings.terms import facts_of_terms, proposal_of
from apps.bookings.times import TAKE_BACK
from apps.bookings.views.crew_line import CreditForm, crew_line
from apps.bookings.views.money import received
from apps.bookings.views.negotiation import conditions_form, differences, may_write
from apps.bookings.views.pictures import cover_of, references
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.bookings.views.words import FOR_PARTIES
from apps.bookings.warnings import standing_against
from apps.common.errors import DomainError
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote

TEMPLATES = {"talent": "bookings/request.html", "agency": "bookings/request_agency.html"}


@require_safe
@acting_as("talent", "agency", "brand", permission=Permission.VIEW)
def request_page(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    if request.actor.kind == "brand":
        return redirect("booking", pk=pk)
    return page(request, booking)


@require_POST
@acting_as("talent", "agency")
def give_answer(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Seal a yes or a no to the version that was on the page. Without a fresh sign-in: prove it, then press again."""
    booking = booking_of(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return page(request, booking, UNPROCESSABLE, form)
    wanted = form.cleaned_data["answer"]
    try:
        answers.answer(
            by=request.actor,
            booking=booking,
            version=form.cleaned_data["version"],
            answer=wanted,
            reason=form.cleaned_data["reason"],
            shown_sha256=form.cleaned_data["shown"],
        )
    except DomainError as error:
        back = f"{reverse('request', args=[pk])}?answer={wanted}"
        return refused(
            request, error, lambda status: page(request, booking_of(request, pk), status, form), come_back=back
        )
    return redirect("request", pk=pk)


@require_POST
@acting_as("talent", "agency")
def give_conditions(request: ActedRequest, pk: UUID) -> HttpResponse:
    """Seal conditions to the version that was on the page. What is wrong is said next to its field."""
    booking = booking_of(request, pk)
    terms = booking.current_terms
    form = conditions_form(terms, request.actor, request.POST)
    if not form.is_valid():
        return page(request, booking, UNPROCESSABLE, conditions=form)
    try:
        answers.answer(
            by=request.actor,
            booking=booking,
            version=form.cleaned_data["version"],
            answer=Approval.Answer.CONDITIONS,
            conditions=form.conditions,
        )
    except DomainError as error:
        request.session[_kept(pk)] = request.POST.urlencode()  # a proof of who one is must not cost what was typed
        return refused(
            request,
            error,
            lambda status: page(request, booking_of(request, pk), status, conditions=form),
            come_back=f"{reverse('request', args=[pk])}?answer=conditions",
        )
    return redirect("request", pk=pk)


@require_POST
@acting_as("talent", "agency")
def take_answer_back(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    try:
        answers.take_back(by=request.actor, booking=booking)
    except DomainError as error:
        back = reverse("request", args=[pk])
        return refused(request, error, lambda status: page(request, booking_of(request, pk), status), come_back=back)
    messages.success(request, "Taken back. You can answer again.")
    return redirect("request", pk=pk)


def request_again(request: ActedRequest, pk: UUID, status: int) -> HttpResponse:
    """The page as it is now, for other acts that start from it."""
    return page(request, booking_of(request, pk), status)


def page(
    request: ActedRequest,
    booking: Booking,
    status: int = 200,
    form: AnswerForm | None = None,
    conditions: ConditionsForm | None = None,
    crew_form: CreditForm | None = None,
) -> HttpResponse:
    """The page of a request; the forms are what was typed there and could not be taken."""
    actor = request.actor
    if kept := request.session.pop(_kept(booking.pk), "") if request.GET.get("answer") == "conditions" else "":
        conditions = conditions_form(booking.current_terms, actor, QueryDict(kept))
    proposal = proposal_of(booking) if booking.state == State.PROPOSING else None
    terms = proposal or booking.current_terms
    terms.booking = booking  # the looks and parties are loaded there
    mine = my_answer(booking, actor.party)
    facts = facts_of_terms(terms)
    read = read_memo(terms, request.GET.get("language") or _own_language(request))
    changes = _changes_since(form, booking, facts, read.language)
    may_answer = _may_answer(actor, booking, terms, mine)
    writes = may_write(actor, booking)
    context = {
        "booking": booking,
        "terms": terms,
        "words": FOR_PARTIES[booking.state],
        "stages": timeline(booking),
        "references": references(booking),
        "money": received(named_split(terms), actor.party),
        "read": read,
        "may": memo.may(facts, language=read.language),
        "may_not": memo.may_not(facts, language=read.language),
        "heads": memo.heads(read.language),
        "warnings": standing_against(booking, fee_minor=terms.fee_minor) if booking.state == State.SUBMITTED else [],
        "mine": mine,
        "my_conditions": conditions_of(mine) if mine else [],
        "proposal": proposal,
        "different": differences(booking, terms),
        "opened": opened_answers(booking),
        "changes": changes,
        "may_answer": may_answer,
        "may_write": writes,
        "may_decline": writes and not may_answer and _may_decline(actor, booking),
        "conditions": (conditions or conditions_form(terms, actor)) if may_answer and not proposal else None,
        "take_back_until": mine.answered_at + TAKE_BACK if mine and _may_take_back(booking) else None,
        "form": _form_again(form, terms),
        "open_dialog": _dialog(request, form, conditions) if not changes else "",  # first read what is new
        "crew": crew_line(actor, booking, crew_form),
        "to_check": actor.kind == "talent" and booking.state == State.IN_REVIEW,
    } | (_for_agency(booking, terms, actor) if actor.kind == "agency" else {})
    return render(request, TEMPLATES[actor.kind], context, status=status)


def _dialog(request: ActedRequest, form: AnswerForm | None, conditions: ConditionsForm | None) -> str:
    if conditions is not None:
        return "conditions"
    return str(form.data.get("answer", "")) if form else request.GET.get("answer", "")


def _kept(pk: UUID) -> str:
    return f"conditions-{pk}"


def _form_again(form: AnswerForm | None, terms: Terms) -> AnswerForm:
    """The form of the version on the page, with the words typed before. What could not be read comes back as it was."""
    if form is not None and not form.is_valid():
        return form
    typed = form.cleaned_data["reason"] if form else ""
    return AnswerForm(initial={"version": terms.version, "reason": typed})


def _own_language(request: ActedRequest) -> str:
    """The model reads what binds, unless she asks for another language; the agency reads its own person's."""
    return "" if request.actor.kind == "talent" else request.user.language  # type: ignore[union-attr]


def _changes_since(form: AnswerForm | None, booking: Booking, now: memo.MemoFacts, language: str) -> list[memo.Change]:
    """What was rewritten since the version that was answered; nothing where that was the one in force."""
    if form is None or not form.is_valid() or form.cleaned_data["version"] >= booking.version:
        return []
    old = booking.terms.filter(version=form.cleaned_data["version"]).select_related("booking").first()
    if old is None:
        return []
    old.booking = booking  # the looks and parties are loaded there
    return memo.changes(facts_of_terms(old), now, language=language)


def _may_answer(actor: Actor, booking: Booking, terms: Terms, mine: Approval | None) -> bool:
    """Whether the bar with the answers is shown; the services decide again."""
    asked = booking.state == State.SUBMITTED or (terms.version > booking.version and actor.kind == "talent")
    if not asked or (mine is not None and mine.terms.version == terms.version):
        return False
    if actor.kind == "talent":
        return actor.can(Permission.ANSWER_AS_TALENT)
    may = actor.can(Permission.ANSWER_FOR_AGENCY) and _is_voter(booking, actor)
    return may and agency_is_checked(booking) is None


def _may_decline(actor: Actor, booking: Booking) -> bool:
    """Whether the no stands beside the version that is to be written; an agency under check answers nothing."""
    return actor.kind == "talent" or agency_is_checked(booking) is None


def _may_take_back(booking: Booking) -> bool:
    return booking.state in {State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED}


def _is_voter(booking: Booking, actor: Actor) -> bool:
    return booking.agency is not None and booking.agency.party == actor.party


def _for_agency(booking: Booking, terms: Terms, actor: Actor) -> dict[str, object]:
    return {
        "price": Quote.from_json(terms.quote),
        "cover": cover_of(booking),
        "voter": _is_voter(booking, actor),
        "deputy": deputy_of(booking),
        "bookers": bookers_of(booking) if actor.can(Permission.ANSWER_FOR_AGENCY) else [],
    }
