"""A model's day rate: her own page, and her agency's page of the same."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.access import acting_as
from apps.bookings.views.scope import UNPROCESSABLE
from apps.common.errors import InvalidInput
from apps.common.refs import parse_ref
from apps.organizations.permissions import Permission
from apps.portal.access import actor_of
from apps.portal.day_rate import DayRateForm, example, initial
from apps.portal.middleware import PortalRequest
from apps.portal.model_file import represented_model
from apps.pricing.services import day_rate as day_rate_of
from apps.pricing.services import set_day_rate
from apps.talent.models import Mandate, Talent

PAGE = "portal/day_rate.html"


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("talent", permission=Permission.ANSWER_AS_TALENT)
def day_rate(request: PortalRequest) -> HttpResponse:
    talent = get_object_or_404(Talent, pk=parse_ref(actor_of(request).party, "talent"))
    return _page(request, talent)


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("agency", permission=Permission.MANAGE_ROSTER)
def roster_rate(request: PortalRequest, slug: str) -> HttpResponse:
    return _page(request, represented_model(actor_of(request), slug))


def _page(request: PortalRequest, talent: Talent) -> HttpResponse:
    actor = actor_of(request)
    if request.htmx and not request.htmx.boosted and request.method == "GET":
        return _while_typing(request, talent)
    rate = day_rate_of(talent.party)
    form = DayRateForm(request.POST if request.method == "POST" else None, initial=initial(talent, rate))
    if form.is_valid():
        try:
            set_day_rate(
                by=actor, talent_ref=talent.party, amount_minor=form.rate.amount_minor, currency=form.rate.currency
            )
        except InvalidInput as error:
            form.refuse(error.field, error.message)
        else:
            messages.success(request, "The day rate is set. It counts for every price from now on.")
            if actor.kind == "talent":
                return redirect("day_rate")
            return redirect("roster_rate", slug=talent.slug)
    running = Mandate.objects.filter(talent=talent).running_on(timezone.now().date()).select_related("agency")
    context = {
        "form": form,
        "talent": talent,
        "rate": rate,
        "example": example(talent, rate, party=actor.party) if rate else None,
        "agencies": [mandate.agency for mandate in running],
    }
    return render(request, PAGE, context, status=UNPROCESSABLE if form.is_bound else 200)


def _while_typing(request: PortalRequest, talent: Talent) -> HttpResponse:
    """What the typed amount would bring. Nothing is set."""
    form = DayRateForm(request.GET)
    rate = form.rate if form.is_valid() else None
    context = {
        "talent": talent,
        "rate": rate,
        "example": example(talent, rate, party=actor_of(request).party) if rate else None,
    }
    return render(request, f"{PAGE}#example", context)
