"""“Try to break it”: the list, one press each, and the page before a refusal that needs one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.bookings.models import Booking
from apps.common.errors import DomainError
from apps.demonstration.entering import enter_as, is_in, name_of
from apps.demonstration.refusals import REFUSALS, TRYING
from apps.demonstration.tour_views import back_to
from apps.portal.limits import too_often

TRIES_PER_MINUTE = 20


@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    return render(request, "demonstration/refusals.html", {"refusals": REFUSALS.values()})


@require_POST
def refusal_try(request: HttpRequest, key: str) -> HttpResponse:
    """Prepare it, go in as the person it takes, and open the page."""
    if key not in REFUSALS:
        raise Http404
    if too_often(request, what="refusal", per_minute=TRIES_PER_MINUTE):
        return render(request, "portal/too_often.html", status=429)
    try:
        prepared = REFUSALS[key].prepare()
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("demonstration:refusals")
    if prepared.account and not is_in(request, prepared.account):
        enter_as(request, prepared.account)
    request.session[TRYING] = {"key": key, "account": prepared.account, **prepared.about}
    return redirect(prepared.address)


@require_safe
def refusal(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a refusal that is being tried: the form as an old tab would send it, or what was answered."""
    trying = request.session.get(TRYING, {})
    if key not in {"stale", "picture", "voucher"} or trying.get("key") != key:
        return redirect("demonstration:refusals")
    context = {"refusal": REFUSALS[key], "trying": trying}
    if key == "stale":
        context["booking"] = Booking.objects.with_parties().filter(pk=trying["booking"]).first()
    if trying["account"]:
        context["person"] = name_of(trying["account"])
    return render(request, f"demonstration/refusal_{key}.html", context)


@require_POST
def refusal_leave(request: HttpRequest) -> HttpResponse:
    request.session.pop(TRYING, None)
    return redirect(back_to(request))
