"""The model sends the photographs that her twin is made from."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.bookings.views.scope import refused
from apps.common.errors import DomainError, StaleState
from apps.common.refs import parse_ref
from apps.portal.access import actor_of
from apps.portal.capturing import capture_page, open_set_of
from apps.portal.middleware import PortalRequest
from apps.talent.models import Talent
from apps.twins.models import CaptureSet, CaptureUpload, Twin
from apps.twins.services import (
    create_twin,
    expect_photograph,
    hand_over,
    open_capture_set,
    photograph_arrived,
    remove_upload,
    send_photograph,
)

a_model = acting_as("talent", permission="view")
TAKEN_ON = forms.DateField()
PAGE = "portal/capture.html"
SALT = "apps.portal.capturing"
SLOT_SECONDS = 3600  # for saying that it arrived: longer than the slot itself is open


@never_cache
@require_safe
@a_model
def capture(request: PortalRequest) -> HttpResponse:
    """The page, or only its list while photographs are being looked at."""
    part = "#shots" if request.htmx and not request.htmx.boosted else ""
    return render(request, PAGE + part, {"page": capture_page(_talent(request))})


@require_POST
@a_model
def capture_begin(request: PortalRequest) -> HttpResponse:
    """Open a capture set; her first one makes the twin's row as well."""
    try:
        _begin(actor_of(request), _talent(request), _day(request.POST.get("taken_on", "")))
    except DomainError as error:
        return _refused(request, error)
    return redirect("capture")


@require_POST
@a_model
def capture_send(request: PortalRequest, shot: str) -> HttpResponse:
    """One or several files for one shot; those that came stay, whatever becomes of the others."""
    actor, capture_set = actor_of(request), _open_set(request)
    try:
        files = request.FILES.getlist("photographs")
        if not files:
            raise StaleState("Choose a photograph first.")
        for file in files:
            send_photograph(by=actor, capture_set=capture_set, shot=shot, raw=file.read())
    except DomainError as error:
        return _refused(request, error)
    return _shots(request)


@require_POST
@a_model
def capture_expect(request: PortalRequest, shot: str) -> HttpResponse:
    """Where her browser brings one file: {"url", "fields", "ticket"}; 422 and {"error"} where none is taken."""
    capture_set = _open_set(request)
    size = request.POST.get("size", "")
    try:
        slot = expect_photograph(
            by=actor_of(request), capture_set=capture_set, shot=shot, size=int(size) if size.isdecimal() else 0
        )
    except DomainError as error:
        return JsonResponse({"error": error.message}, status=422)
    ticket = signing.dumps([str(capture_set.pk), shot, slot.name], salt=SALT)
    return JsonResponse({"url": slot.url, "fields": slot.fields, "ticket": ticket})


@require_POST
@a_model
def capture_arrived(request: PortalRequest) -> HttpResponse:
    """204 once the file that came is written down; saying it again changes nothing."""
    capture_set = _open_set(request)
    try:
        captures, shot, name = signing.loads(request.POST.get("ticket", ""), salt=SALT, max_age=SLOT_SECONDS)
    except signing.BadSignature:
        return JsonResponse({"error": "That took too long. Please send it again."}, status=422)
    if captures != str(capture_set.pk):
        return JsonResponse({"error": "This capture set is complete."}, status=422)
    try:
        photograph_arrived(by=actor_of(request), capture_set=capture_set, shot=shot, name=name)
    except DomainError as error:
        return JsonResponse({"error": error.message}, status=422)
    return HttpResponse(status=204)


@require_POST
@a_model
def capture_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    uploads = CaptureUpload.objects.filter(capture_set__twin__talent=_talent(request))
    upload = get_object_or_404(uploads.select_related("capture_set__twin__talent"), pk=pk)
    try:
        remove_upload(by=actor_of(request), upload=upload)
    except DomainError as error:
        return _refused(request, error)
    return _shots(request)


@require_POST
@a_model
def capture_done(request: PortalRequest) -> HttpResponse:
    """Close the set and have the twin made."""
    try:
        hand_over(by=actor_of(request), capture_set=_open_set(request))
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, "Thank you. Your photographs are being looked at; then your test sheet is made.")
    return redirect("my_twin")


def _begin(actor: Actor, talent: Talent, taken_on: date) -> None:
    if open_set_of(talent):
        raise StaleState("You have an open capture set already.")
    twin = Twin.objects.select_related("talent").filter(talent=talent).first() or create_twin(by=actor, talent=talent)
    open_capture_set(by=actor, twin=twin, taken_on=taken_on)


def _day(typed: str) -> date:
    """Today unless she says another day."""
    try:
        day: date = TAKEN_ON.clean(typed)
    except forms.ValidationError:
        return timezone.now().date()
    return day


def _talent(request: PortalRequest) -> Talent:
    return get_object_or_404(Talent, pk=parse_ref(actor_of(request).party, "talent"))


def _open_set(request: PortalRequest) -> CaptureSet:
    talent = _talent(request)
    sets = CaptureSet.objects.filter(twin__talent=talent, closed_at=None).select_related("twin__talent")
    return get_object_or_404(sets.order_by("-created_at")[:1])


def _shots(request: PortalRequest) -> HttpResponse:
    if request.htmx and not request.htmx.boosted:
        return render(request, PAGE + "#shots", {"page": capture_page(_talent(request))})
    return redirect("capture")


def _refused(request: PortalRequest, error: DomainError) -> HttpResponse:
    def page(status: int) -> HttpResponse:
        return render(request, PAGE, {"page": capture_page(_talent(request))}, status=status)

    return refused(request, error, page, come_back=reverse("capture"))  # type: ignore[arg-type]
