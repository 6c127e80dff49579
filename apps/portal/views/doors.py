"""The ways in: home page, the right landing page, and the choice of whom one acts for."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.crew.services import of_user
from apps.portal.acting import SESSION_KEY, chosen
from apps.portal.entrances import entrances
from apps.portal.guides import guides
from apps.portal.middleware import PortalRequest
from apps.portal.wall import covers

LANDING = {"talent": "model_home", "agency": "agency_desk", "brand": "brand_home", "staff": "earnings"}


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    parts = [part for guide in guides() if (part := guide.home(request))]
    return render(request, "portal/home.html", {"entrances": entrances(), "covers": covers(), "guide_parts": parts})


@require_safe
def landing(request: PortalRequest) -> HttpResponse:
    """Sends everybody to the page where her work waits; who acts for nobody yet, to where she can begin, or to what is
    kept for her as one of a crew."""
    if request.actor:
        return redirect(LANDING[request.actor.kind])
    user = request.user
    if not isinstance(user, User):
        return redirect("home")
    return redirect("crew_page" if of_user(user).exists() else "begin")


@require_POST
def acting(request: PortalRequest) -> HttpResponse:
    """Choose whom to act for. An unknown or lost party changes nothing."""
    wanted = request.POST.get("party", "")
    party = chosen(request.parties, wanted)
    if party and party.party == wanted:
        request.session[SESSION_KEY] = wanted
    return redirect("landing")
