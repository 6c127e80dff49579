"""A brand composes a booking: looks, usage, live price, submission."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import acting_as
from apps.bookings import forms
from apps.bookings.models import Booking
from apps.bookings.scenes import SCENES
from apps.bookings.services import compose as acts
from apps.bookings.services.again import start_from_template
from apps.bookings.services.saving import SavedElsewhere
from apps.bookings.states import State
from apps.bookings.views import arranging
from apps.bookings.views import composer as composing
from apps.bookings.views.again import templates_of
from apps.bookings.views.crew_line import CreditForm, crew_line
from apps.bookings.views.pictures import GROUNDS, cover_of
from apps.bookings.views.scope import CONFLICT, UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput, NotAllowed, Refused
from apps.organizations.permissions import Permission
from apps.twins.models import Twin

PAGE = "bookings/compose.html"
SAVED = "bookings/_saved.html"
NOT_SENT = "Not sent, and nothing is lost. What stands against it is said below, with what you can do."


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def new(request: ActedRequest, slug: str) -> HttpResponse:
    """Start a draft for one twin, empty or from a template of the brand's, and go to its composer."""
    twin = get_object_or_404(Twin.objects.select_related("talent").filter(state=Twin.State.LISTED), talent__slug=slug)
    if chosen := request.POST.get("template"):
        template = get_object_or_404(templates_of(request), pk=_uuid(chosen))
        booking = start_from_template(by=request.actor, template=template, twin=twin)
    else:
        booking = acts.start_draft(by=request.actor, twin=twin)
    return redirect("booking_compose", pk=booking.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("brand", permission=Permission.COMPOSE)
def compose(request: ActedRequest, pk: UUID) -> HttpResponse:
    booking = booking_of(request, pk)
    if booking.state != State.DRAFT:
        return redirect("booking", pk=pk)
    if request.method != "POST":
        asked = request.GET.get("add", "")
        add = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
        return page(request, composing.shown(booking, add=add, opened=request.GET.get("open", "")))
    sent = composing.typed(booking, request.POST, request.FILES)
    try:
        return _act(request, sent, request.POST.get("act", "save"))
    except SavedElsewhere as error:
        return page(request, sent, CONFLICT, elsewhere=error.booking)
    except NotAllowed as error:
        return refused(request, error, lambda status: page(request, sent, status))
    except DomainError as error:  # no draft any more: another tab or a colleague sent it
        messages.error(request, error.message)
        return redirect("booking", pk=pk)


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def autosave(request: ActedRequest, pk: UUID) -> HttpResponse:
    """What is typed, saved while one types: the line that says so, and the errors that keep a part from being saved.

    Files are left to a press on a button; 422 with the line when nothing was saved.
    """
    booking = booking_of(request, pk)
    sent = composing.typed(booking, request.POST, composing.Files())
    told: dict[str, object] = {}
    try:
        composing.save(sent, by=request.actor, leaves=False)
    except SavedElsewhere as error:
        told = {"elsewhere": error.booking}
    except NotAllowed as error:
        return refused(request, error, lambda status: HttpResponse(status=status))
    except DomainError as error:
        told = {"problem": error.message}
    context = {"page": sent, "booking": booking, "live": True} | told
    return render(request, SAVED, context, status=UNPROCESSABLE if told else 200)


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def quote(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The live price of what is typed. Saves nothing."""
    booking = booking_of(request, pk)
    context = {"quote": composing.live_quote(booking, request.POST), "booking": booking, "live": True}
    return render(request, f"{PAGE}#quote", context)


def _uuid(text: str) -> UUID | None:
    """None is nobody's id: what was made up is not found."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _act(request: ActedRequest, sent: composing.Composer, act: str) -> HttpResponse:
    """Save, then do what the pressed button says. What could not be saved is shown with its errors."""
    verb, _, key = act.partition(":")
    complete = composing.save(sent, by=request.actor, without=key if verb == "remove" else "")
    opened = arranging.arrange(sent, verb, key, by=request.actor) if complete or verb == "remove" else ""
    if verb == "remove":
        sent.looks = [entry for entry in sent.looks if entry.key != key]
    if not complete:
        return page(request, sent, UNPROCESSABLE)
    here = reverse("booking_compose", args=[sent.booking.pk])
    match verb:
        case "submit":
            return _submit(request, sent)
        case "template":
            return _keep_as_template(request, sent)
        case "in_person":
            return _in_person(request, sent)
        case "add":
            return redirect(f"{here}?add={sent.saved_looks + 1}#added")
        case "save":
            messages.success(request, "Saved. Nothing is sent until you send it.")
    return redirect(f"{here}?open={opened}#{opened}" if opened else here)


def _submit(request: ActedRequest, sent: composing.Composer) -> HttpResponse:
    booking = sent.booking
    try:
        acts.submit(by=request.actor, booking=booking)
    except InvalidInput as error:
        composing.blame(sent, error)
        return page(request, sent, UNPROCESSABLE)
    except Refused as error:
        composing.explain(sent)
        told = InvalidInput(NOT_SENT) if sent.usage.errors else error
        return refused(request, told, lambda status: page(request, sent, status))
    except DomainError as error:
        return refused(request, error, lambda status: page(request, sent, status))
    messages.success(request, "Sent. You will see here when both have answered.")
    return redirect("booking", pk=booking.pk)


def _keep_as_template(request: ActedRequest, sent: composing.Composer) -> HttpResponse:
    name = request.POST.get("template_name", "")
    try:
        arranging.keep_as_template(sent, name, by=request.actor)
    except InvalidInput as error:
        return page(request, sent, UNPROCESSABLE, template_name=name, template_error=error.message)
    messages.success(request, "Kept as a template. Start from it on the page of any twin.")
    return redirect("booking_compose", pk=sent.booking.pk)


def _in_person(request: ActedRequest, sent: composing.Composer) -> HttpResponse:
    try:
        arranging.ask_in_person(sent, by=request.actor)
    except DomainError as error:
        return refused(request, error, lambda status: page(request, sent, status))
    messages.success(request, "Asked. They write to you by mail; your draft stays as it is.")
    return redirect("booking_compose", pk=sent.booking.pk)


def page(
    request: ActedRequest,
    shown: composing.Composer,
    status: int = 200,
    crew_form: CreditForm | None = None,
    **more: object,
) -> HttpResponse:
    """The composer; `crew_form` is what was typed beside it and could not be taken."""
    booking: Booking = shown.booking
    context = {
        "page": shown,
        "booking": booking,
        "quote": shown.quote,
        "cover": cover_of(booking),
        "scenes": [(scene, GROUNDS[scene.name]) for scene in SCENES],
        "palette": forms.PALETTE,
        "mark": composing.MARK,
        "crew": crew_line(request.actor, booking, crew_form),
    }
    return render(request, PAGE, context | more, status=status)
