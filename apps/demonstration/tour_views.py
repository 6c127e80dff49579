"""Starting, following, leaving and resuming a tour. A press each; how far it is, is read from the booking."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.common.errors import DomainError
from apps.demonstration.entering import enter_as, is_in
from apps.demonstration.refusals import TRYING
from apps.demonstration.tour import position_of
from apps.demonstration.tour_bar import TEMPLATE, place_of, tour_bar
from apps.demonstration.tour_booking import leave, remember, resume, start, tour_of
from apps.demonstration.tour_stories import STORIES
from apps.portal.limits import too_often

STARTS_PER_MINUTE = 12


@require_POST
def tour_start(request: HttpRequest) -> HttpResponse:
    """A fresh booking where the story begins with one, and in as the first person. An unknown story is 404."""
    key = request.POST.get("story", "")
    if key not in STORIES:
        raise Http404
    if too_often(request, what="tour", per_minute=STARTS_PER_MINUTE):
        return render(request, "portal/too_often.html", status=429)
    try:
        tour = start(key)
    except DomainError as error:
        messages.error(request, f"This tour cannot begin now. {error.message}")
        return redirect("home")
    enter_as(request, position_of(tour).account)
    request.session.pop(TRYING, None)
    response = redirect(STORIES[key].landing)
    remember(response, tour)
    return response


@require_POST
def tour_go(request: HttpRequest) -> HttpResponse:
    """On to the current step, as its person; picks up a tour that was left."""
    tour = tour_of(request)
    if tour is None:
        return redirect("home")
    resume(tour)
    position = position_of(tour)
    if not is_in(request, position.account):
        enter_as(request, position.account)
    request.session.pop(TRYING, None)
    return redirect(place_of(position))


@require_POST
def tour_leave(request: HttpRequest) -> HttpResponse:
    """Put the bar away and stay where one is."""
    if tour := tour_of(request):
        leave(tour)
    return redirect(back_to(request))


@require_safe
def tour_bar_again(request: HttpRequest) -> HttpResponse:
    """The bar alone, asked for every few seconds while machines work. `at` is the page below it."""
    tour = tour_of(request)
    if tour is None or tour.left_at:
        return HttpResponse()
    at = request.GET.get("at", "")
    try:
        match = resolve(at)
    except Resolver404:
        match = None
    shown = tour_bar(request, position_of(tour), match, back=at if match else "", asked_again=True)
    return render(request, TEMPLATE, {"guide": shown})


def back_to(request: HttpRequest) -> str:
    """The page on which the bar stood, or the start page. Never another site."""
    wanted = request.POST.get("back", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "landing"
