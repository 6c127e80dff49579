"""What a producer does on the twins page: press one onto her shortlist, keep a search, compare."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from apps.accounts.access import acting_as
from apps.boards import services
from apps.boards.models import SavedFilter
from apps.bookings.views.scope import refused
from apps.common.errors import DomainError, NotAllowed
from apps.portal.access import actor_of
from apps.portal.catalogue import Wanted
from apps.portal.comparison import compare as compared
from apps.portal.middleware import PortalRequest
from apps.portal.tray import tray_of
from apps.portal.views.brand import brand_of, catalogue_page
from apps.twins.models import Twin


@require_safe
@acting_as("brand", permission="view")
def compare(request: PortalRequest) -> HttpResponse:
    page = compared(brand_of(request), request.GET.getlist("twin"))
    return render(request, "portal/compare.html", {"page": page})


@require_POST
@acting_as("brand", permission="view")
def shortlist_press(request: PortalRequest) -> HttpResponse:
    """On or off her shortlist. To htmx the button and the tray, else back to where she was."""
    actor, brand = actor_of(request), brand_of(request)
    twin = get_object_or_404(Twin.objects.select_related("talent"), talent__slug=request.POST.get("twin", ""))
    problem = ""
    try:
        services.shortlist(by=actor, brand=brand, twin=twin)
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        problem = error.message
    if request.htmx:
        context = {"slug": twin.talent.slug, "name": twin.talent.stage_name, "tray": tray_of(actor, brand)}
        answer = render(request, "portal/_pressed.html", context)
        return trigger_client_event(answer, "toast", {"value": problem}) if problem else answer
    if problem:
        messages.error(request, problem)
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if here else reverse("twins"))


@require_POST
@acting_as("brand", permission="view")
def filter_save(request: PortalRequest) -> HttpResponse:
    query = Wanted.from_query(QueryDict(request.POST.get("query", "")[:1_000])).query
    try:
        services.save_filter(
            by=actor_of(request), organization=brand_of(request), name=request.POST.get("name", "")[:60], query=query
        )
    except DomainError as error:
        return refused(request, error, lambda status: catalogue_page(request, status, query=query))  # type: ignore[arg-type]
    messages.success(request, "The filter is saved.")
    return redirect(f"{reverse('twins')}?{query}")


@require_POST
@acting_as("brand", permission="view")
def filter_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    actor = actor_of(request)
    saved = get_object_or_404(
        SavedFilter.objects.select_related("organization"), pk=pk, user=actor.user_id, organization=brand_of(request)
    )
    try:
        services.remove_filter(by=actor, saved=saved)
    except DomainError as error:
        return refused(request, error, lambda status: catalogue_page(request, status))  # type: ignore[arg-type]
    return redirect("twins")
