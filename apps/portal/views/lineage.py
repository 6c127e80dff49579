"""Where a model's twin comes from and what became of it, and everything of it to take away. Hers alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.archives.models import Archive
from apps.archives.services import ask, hand_over, remove
from apps.bookings.models import Booking
from apps.bookings.views.scope import refused
from apps.common.errors import DomainError
from apps.common.refs import parse_ref
from apps.portal.access import actor_of
from apps.portal.lineage import Lineage, again_in, newest_archive
from apps.portal.lineage import lineage as lineage_of
from apps.portal.lineage_booking import booking_lineage
from apps.portal.middleware import PortalRequest
from apps.twins.models import Twin, TwinVersion

a_model = acting_as("talent", permission="view")
PAGE = "portal/lineage.html"


@never_cache
@require_safe
@a_model
def lineage(request: PortalRequest) -> HttpResponse:
    """The page, or only how far the archive is."""
    twin = _twin(request)
    if request.htmx and not request.htmx.boosted:
        archive = newest_archive(twin)
        part = Lineage(twin, [], [], None, archive, again_in(archive))
        return render(request, f"{PAGE}#archive", {"page": part})
    return _page(request, 200)


@require_safe
@a_model
def lineage_booking(request: PortalRequest, version: UUID, booking: UUID) -> HttpResponse:
    actor = actor_of(request)
    hers = TwinVersion.objects.filter(twin__talent=parse_ref(actor.party, "talent")).select_related("capture_set")
    found = get_object_or_404(hers, pk=version)
    bookings = Booking.objects.visible_to(actor).select_related("brand", "licence")
    booked = get_object_or_404(bookings, pk=booking)
    context = {"page": booking_lineage(found, booked, request.GET.get("page"))}
    return render(request, "portal/lineage_booking.html", context)


@require_POST
@a_model
def archive_ask(request: PortalRequest) -> HttpResponse:
    twin = get_object_or_404(Twin.objects.select_related("talent__user"), talent=_talent(request))
    try:
        ask(by=actor_of(request), twin=twin)
    except DomainError as error:
        return _refused(request, error)
    return redirect("lineage")


@require_POST
@a_model
def archive_download(request: PortalRequest, pk: UUID) -> HttpResponse:
    """On to the file, at an address that is good for five minutes."""
    try:
        return redirect(hand_over(by=actor_of(request), archive=_archive(request, pk)))
    except DomainError as error:
        return _refused(request, error)


@require_POST
@a_model
def archive_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    remove(by=actor_of(request), archive=_archive(request, pk))
    messages.success(request, "Deleted. No copy of it stays with us.")
    return redirect("lineage")


def _talent(request: PortalRequest) -> UUID:
    return parse_ref(actor_of(request).party, "talent")


def _twin(request: PortalRequest) -> Twin | None:
    return Twin.objects.filter(talent=_talent(request)).select_related("talent").first()


def _archive(request: PortalRequest, pk: UUID) -> Archive:
    hers = Archive.objects.filter(twin__talent=_talent(request)).select_related("file", "twin__talent")
    return get_object_or_404(hers, pk=pk)


def _page(request: PortalRequest, status: int) -> HttpResponse:
    return render(request, PAGE, {"page": lineage_of(_twin(request), request.GET.get("page"))}, status=status)


def _refused(request: PortalRequest, error: DomainError) -> HttpResponse:
    return refused(request, error, lambda status: _page(request, status), come_back=reverse("lineage"))  # type: ignore[arg-type]
