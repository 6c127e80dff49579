"""All files of a licence in one archive: asked for, watched while a task packs it, fetched from the storage."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.archives.licence_packs import ask, hand_over
from apps.bookings.models import Licence, LicencePack
from apps.bookings.views.licence_cards import is_packing, packable
from apps.bookings.views.licences import delivered, licence_page
from apps.bookings.views.scope import ActedRequest, refused
from apps.common.errors import DomainError
from apps.organizations.permissions import Permission


@require_POST
@acting_as("brand", permission=Permission.DOWNLOAD)
def ask_pack(request: ActedRequest, pk: UUID) -> HttpResponse:
    licence = _licence(request, pk)
    try:
        ask(by=request.actor, licence=licence, label=request.POST.get("label", ""))
    except DomainError as error:
        return refused(request, error, lambda status: licence_page(request, pk, status))
    return redirect(f"{reverse('own_licence', args=[pk])}#packs")


@require_safe
@acting_as("brand", permission=Permission.DOWNLOAD)
def packs(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The moving part of the page, asked for every two seconds only while something is packed."""
    licence = _licence(request, pk)
    rows = packable(licence)
    context = {"licence": licence, "packable": rows, "packing": is_packing(rows)}
    return render(request, "bookings/_packs.html#packs", context)


@require_POST
@acting_as("brand", permission=Permission.DOWNLOAD)
def download_pack(request: ActedRequest, pk: UUID) -> HttpResponse:
    rows = LicencePack.objects.filter(licence__in=delivered(request)).select_related("licence__booking__brand")
    pack = get_object_or_404(rows, pk=pk)
    try:
        address = hand_over(by=request.actor, pack=pack)
    except DomainError as error:
        return refused(request, error, lambda status: licence_page(request, pack.licence_id, status))
    return redirect(address)


def _licence(request: ActedRequest, pk: UUID) -> Licence:
    rows = delivered(request).select_related("booking__brand").prefetch_related("label_choices")
    return get_object_or_404(rows, pk=pk)
