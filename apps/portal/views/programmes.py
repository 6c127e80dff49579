"""Programmes, for the agency or brand that pays for them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.views.scope import UNPROCESSABLE, refused
from apps.common.errors import DomainError, InvalidInput
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.portal import programmes as pages
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.programme_forms import AgencyProgrammeForm, PeopleForm, ProgrammeForm
from apps.programmes import services
from apps.programmes.models import Place, Programme
from apps.programmes.policies import keeps
from apps.programmes.services import Asked

an_organization = acting_as("agency", "brand", permission="view")


@require_safe
@an_organization
def programmes(request: PortalRequest) -> HttpResponse:
    page, rows = pages.programme_rows(actor_of(request), request.GET.get("page", "1"))
    context = {"page": page, "rows": rows, "may_keep": keeps(actor_of(request), _organization(request))}
    return render(request, "portal/programmes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@an_organization
def programme_new(request: PortalRequest) -> HttpResponse:
    actor, organization = actor_of(request), _organization(request)
    _require_keeper(actor, organization)
    kind = AgencyProgrammeForm if organization.kind == Organization.Kind.AGENCY else ProgrammeForm
    form = kind(request.POST if request.method == "POST" else None, currency=organization.currency)
    if form.is_valid():
        try:
            made = services.start(by=actor, organization=organization, plan=form.plan())
        except InvalidInput as error:
            form.refuse(error.field, error.message)
        else:
            messages.success(request, "The programme stands. Now choose whom to ask.")
            return redirect("programme_ask", made.pk)
    context = {"form": form, "organization": organization}
    return render(request, "portal/programme_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@never_cache
@require_safe
@an_organization
def programme(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The board; back from the payment page it looks again by itself until the payment has arrived."""
    return _board(request, _programme(request, pk), 200)


@require_http_methods(["GET", "HEAD", "POST"])
@an_organization
def programme_ask(request: PortalRequest, pk: UUID) -> HttpResponse:
    """An agency ticks its own people; a brand writes addresses."""
    found = _programme(request, pk)
    _require_keeper(actor_of(request), found.organization)
    if found.organization.kind == Organization.Kind.AGENCY:
        return _ask_roster(request, found)
    form = PeopleForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (answer := _ask(request, found, form.cleaned_data["people"], form)):
        return answer
    context = {"programme": found, "form": form}
    return render(request, "portal/programme_ask.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
@an_organization
def programme_take_back(request: PortalRequest, pk: UUID) -> HttpResponse:
    actor = actor_of(request)
    rows = Place.objects.filter(programme__in=pages.programmes_of(actor)).select_related("programme__organization")
    place = get_object_or_404(rows, pk=pk)
    try:
        services.take_back(by=actor, place=place)
    except DomainError as error:
        return refused(request, error, lambda status: _board(request, place.programme, status))  # type: ignore[arg-type]
    messages.success(request, f"{place.name} is not asked any more.")
    return redirect("programme", place.programme_id)


@require_POST
@an_organization
def programme_pay(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = _programme(request, pk)
    try:
        charge = services.checkout(by=actor_of(request), programme=found)
    except DomainError as error:
        return refused(request, error, lambda status: _board(request, found, status))  # type: ignore[arg-type]
    return redirect(charge.checkout_url)


@require_POST
@an_organization
def programme_end(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = _programme(request, pk)
    try:
        services.end(by=actor_of(request), programme=found)
    except DomainError as error:
        return refused(request, error, lambda status: _board(request, found, status))  # type: ignore[arg-type]
    messages.success(request, "The programme is over. What was paid and not earned goes back to you.")
    return redirect("programme", found.pk)


def _ask_roster(request: PortalRequest, found: Programme) -> HttpResponse:
    name = request.GET.get("q", "").strip()[:80]
    offered = pages.people_to_ask(found, name)
    status = 200
    if request.method == "POST":
        ticked = set(request.POST.getlist("email"))
        chosen = [person for person, _ in offered if "all" in request.POST or person.email in ticked]
        if chosen and (answer := _ask(request, found, chosen, None)):
            return answer
        messages.error(request, "Tick somebody first.")
        status = UNPROCESSABLE
    context = {"programme": found, "offered": offered, "name": name}
    return render(request, "portal/programme_ask.html", context, status=status)


def _ask(request: PortalRequest, found: Programme, people: list[Asked], form: PeopleForm | None) -> HttpResponse | None:
    """Asks them and leads to the board; None where the form has to say what is wrong."""
    try:
        new = services.ask(by=actor_of(request), programme=found, people=people)
    except InvalidInput as error:
        if form is None:
            return refused(request, error, lambda status: _board(request, found, status))  # type: ignore[arg-type]
        form.add_error("people", error.message)
        return None
    except DomainError as error:
        return refused(request, error, lambda status: _board(request, found, status))  # type: ignore[arg-type]
    left = len(people) - new
    words = f"{new} invited." if new else "Nobody new: everybody has a place, has answered, or stood twice."
    messages.success(request, words + (f" {left} had been asked before." if new and left else ""))
    return redirect("programme", found.pk)


def _board(request: PortalRequest, found: Programme, status: int) -> HttpResponse:
    asked = {key: request.GET.get(key, "").strip()[:20] for key in ("view", "page", "paid")}
    page = pages.board(
        actor_of(request), found, view=asked["view"], page_number=asked["page"] or "1", arriving=asked["paid"] == "1"
    )
    part = "#money" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"portal/programme.html{part}", {"board": page}, status=status)


def _programme(request: PortalRequest, pk: UUID) -> Programme:
    return get_object_or_404(pages.programmes_of(actor_of(request)), pk=pk)


def _organization(request: PortalRequest) -> Organization:
    return get_object_or_404(Organization, pk=parse_ref(actor_of(request).party, "org"))


def _require_keeper(actor: Actor, organization: Organization) -> None:
    """403 for an insider without the right, before she types anything."""
    if not keeps(actor, organization):
        raise PermissionDenied
