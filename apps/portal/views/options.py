"""Options: a brand's own, those that an agency decides about, those on a model."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.bookings.views.scope import CONFLICT, UNPROCESSABLE
from apps.common.errors import DomainError, NotAllowed, StaleState
from apps.common.refs import parse_ref
from apps.options.models import Option
from apps.options.services import asking, challenging, deciding
from apps.organizations.permissions import Permission
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.model_file import represented_model
from apps.portal.option_rows import RULES_SHOWN, option_page
from apps.talent.models import Mandate, Talent

ACTS = {
    "grant": (deciding.grant, "Granted. The brand reads its rank."),
    "refuse": (deciding.refuse, "Refused. The brand reads that it is not available, and no reason."),
    "withdraw": (asking.withdraw, "Given up."),
    "renew": (asking.renew, "Renewed, once and for seven days from now."),
}


@require_safe
@acting_as("brand", "agency", "talent", permission=Permission.VIEW)
def options(request: PortalRequest) -> HttpResponse:
    return _page(request)


@require_POST
@acting_as("brand", "agency", "talent")
def option_act(request: PortalRequest, pk: UUID, act: str) -> HttpResponse:
    """One act on one option that this party may see; whose it is to do the service says."""
    if act not in ACTS:
        raise Http404
    actor = actor_of(request)
    option = get_object_or_404(Option.objects.visible_to(actor), pk=pk)
    do, told = ACTS[act]
    try:
        do(by=actor, option=option)
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, told)
    return redirect("options")


@require_POST
@acting_as("brand", permission=Permission.COMPOSE)
def option_challenge(request: PortalRequest, pk: UUID) -> HttpResponse:
    actor = actor_of(request)
    option = get_object_or_404(Option.objects.visible_to(actor), pk=pk)
    booking = _draft(actor, request.POST.get("booking", ""))
    try:
        challenging.challenge(by=actor, option=option, booking=booking)
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, "Challenged. The first option has 24 hours to submit, or it falls.")
    return redirect("options")


@require_POST
@acting_as("agency", "talent")
def option_rule(request: PortalRequest) -> HttpResponse:
    """Grant every option on a model at once, or ask again."""
    actor = actor_of(request)
    at_once = request.POST.get("at_once") == "yes"
    if actor.kind == "talent":
        talent = get_object_or_404(Talent, pk=parse_ref(actor.party, "talent"))
    else:
        talent = represented_model(actor, request.POST.get("model", ""))
    try:
        deciding.set_rule(by=actor, talent=talent, at_once=at_once)
    except DomainError as error:
        return _refused(request, error)
    told = "Options on {} are granted at once." if at_once else "Options on {} wait for an answer again."
    messages.success(request, told.format(talent.stage_name))
    return redirect("options")


def _draft(actor: Actor, pk: str) -> Booking:
    try:
        return get_object_or_404(Booking.objects.visible_to(actor).with_parties(), pk=UUID(pk))
    except ValueError as error:
        raise Http404 from error


def _refused(request: PortalRequest, error: DomainError) -> HttpResponse:
    """The page again with the reason on top; nothing was changed."""
    if isinstance(error, NotAllowed):
        raise PermissionDenied(error.message) from error
    messages.error(request, error.message)
    return _page(request, CONFLICT if isinstance(error, StaleState) else UNPROCESSABLE)


def _page(request: PortalRequest, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    name = request.GET.get("model", "").strip()[:80]
    page = option_page(actor, page_number=request.GET.get("page", "1"), name=name)
    context = {"page": page, "may_rule": False, "models": [], "name": name}
    if actor.kind == "agency" and actor.can(Permission.ANSWER_FOR_AGENCY):
        models = _models(actor, name)
        many = bool(name) or RULES_SHOWN in (len(models), len(page.at_once))
        context |= {"may_rule": True, "models": models, "many_models": many}
    elif actor.kind == "talent":
        context |= {"may_rule": not _is_represented(actor)}
    return render(request, "portal/options.html", context, status=status)


def _models(actor: Actor, name: str) -> list[Talent]:
    """The first of those without a rule whose name has these letters."""
    running = Mandate.objects.filter(agency=parse_ref(actor.party, "org"), covers_twins=True).running_on(
        timezone.now().date()
    )
    rows = Talent.objects.filter(pk__in=running.values("talent"), stage_name__icontains=name)
    return list(rows.exclude(grant_rules__party=actor.party).order_by("stage_name", "pk")[:RULES_SHOWN])


def _is_represented(actor: Actor) -> bool:
    return Mandate.objects.filter(talent=parse_ref(actor.party, "talent")).running_on(timezone.now().date()).exists()
