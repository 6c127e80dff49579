"""The model's own pages."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.views.scope import refused
from apps.common.errors import DomainError, InvalidInput
from apps.common.refs import parse_ref
from apps.generation.models import Candidate
from apps.generation.services import choose_cover
from apps.portal.access import actor_of
from apps.portal.forms import RulesForm
from apps.portal.middleware import PortalRequest
from apps.portal.model_home import model_home
from apps.portal.my_twin import my_twin as my_twin_of
from apps.portal.my_twin import rules_of, to_minor
from apps.portal.onboarding import under_way
from apps.pricing.services import currency_of
from apps.talent.models import NeverAgain, Talent
from apps.talent.never_again import allow_again
from apps.talent.services import set_boundaries
from apps.twins.models import Twin, TwinVersion
from apps.twins.services import listing, remove_cover

a_model = acting_as("talent", permission="view")


@require_safe
@a_model
def home(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/model_home.html", {"page": model_home(actor_of(request))})


@require_safe
@a_model
def my_twin(request: PortalRequest) -> HttpResponse:
    if request.htmx and not request.htmx.boosted:
        return render(request, "portal/my_twin.html#sheet", {"page": my_twin_of(actor_of(request))})
    return _page(request, 200)


@require_POST
@a_model
def twin_cover(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Pick this picture of her approved test sheet as the cover."""
    actor = actor_of(request)
    twin = get_object_or_404(Twin, talent=parse_ref(actor.party, "talent"))
    sheets = Candidate.objects.of_sheets_of(twin)
    chosen = get_object_or_404(sheets.select_related("job__version__twin__talent", "file"), pk=pk)
    try:
        choose_cover(by=actor, picture=chosen)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, status), come_back=reverse("my_twin"))  # type: ignore[arg-type]
    messages.success(request, "This is your cover now.")
    return redirect("my_twin")


@require_POST
@a_model
def twin_act(request: PortalRequest, action: str) -> HttpResponse:
    """Pause, resume, approve, renew, reject, show no cover: hers alone, each with one press."""
    actor = actor_of(request)
    try:
        message = _act(actor, action)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, status), come_back=reverse("my_twin"))  # type: ignore[arg-type]
    messages.success(request, message)
    return redirect("my_twin")


@require_http_methods(["GET", "HEAD", "POST"])
@a_model
def rules(request: PortalRequest) -> HttpResponse:
    actor = actor_of(request)
    talent = get_object_or_404(Talent.objects.select_related("boundaries"), pk=parse_ref(actor.party, "talent"))
    currency = currency_of(talent)
    never = NeverAgain.objects.filter(boundaries__talent=talent)
    if request.method != "POST":
        form = RulesForm(currency=currency, initial=rules_of(talent))
        return render(request, "portal/rules.html", {"form": form, "never": never})
    form = RulesForm(request.POST, currency=currency)
    if form.is_valid():
        chosen = dict(form.cleaned_data)
        lowest = to_minor(chosen.pop("lowest_fee"), currency)
        try:
            set_boundaries(by=actor, talent=talent, lowest_fee_minor=lowest, **chosen)
        except InvalidInput as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Saved. Your rules bind every request from now on.")
            return redirect("onboarding" if under_way(actor) else "my_twin")
    return render(request, "portal/rules.html", {"form": form, "never": never}, status=422)


@require_POST
@a_model
def rule_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take out what she never wanted to be shown in again."""
    actor = actor_of(request)
    hers = NeverAgain.objects.filter(boundaries__talent=parse_ref(actor.party, "talent"))
    rule = get_object_or_404(hers.select_related("boundaries__talent"), pk=pk)
    allow_again(by=actor, rule=rule)
    messages.success(request, "Taken out. It can be asked for again from now on.")
    return redirect("rules")


def _page(request: PortalRequest, status: int) -> HttpResponse:
    actor = actor_of(request)
    context = {"page": my_twin_of(actor), "steps": under_way(actor)}
    return render(request, "portal/my_twin.html", context, status=status)


def _act(actor: Actor, action: str) -> str:
    """Does it and says what was done. Raises Http404 for an action that does not exist."""
    twin = get_object_or_404(Twin.objects.select_related("talent"), talent=parse_ref(actor.party, "talent"))
    if action == "pause":
        listing.pause(by=actor, twin=twin)
        return "Paused. Nothing more is made of your twin until you resume it."
    if action == "resume":
        listing.resume(by=actor, twin=twin)
        return "Your twin works again."
    if action == "no-cover":
        remove_cover(by=actor, twin=twin)
        return "No picture of your twin is shown any more. Your name stands alone."
    if action == "renew":
        approved = twin.versions.filter(state=TwinVersion.State.APPROVED).select_related("twin__talent", "capture_set")
        listing.approve_version(by=actor, version=get_object_or_404(approved.order_by("-number")[:1]))
        return "Approved for another year."
    version = get_object_or_404(
        twin.versions.select_related("twin__talent", "capture_set"), state=TwinVersion.State.READY
    )
    if action == "approve":
        listing.approve_version(by=actor, version=version)
        return "Approved for one year. Pick your cover: it is what brands see first."
    if action == "reject":
        listing.reject_version(by=actor, version=version)
        return "Rejected. This version will not be used."
    raise Http404
