"""Who is invited onto the roster and has not joined yet; inviting one by one, or a whole file."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.views.scope import UNPROCESSABLE
from apps.common.errors import DomainError, InvalidInput
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.roster.forms import ModelForm, UploadForm
from apps.roster.models import Invitation, RosterEntry, RosterUpload
from apps.roster.services.inviting import invite_model
from apps.roster.services.inviting import send_again as mail_again
from apps.roster.services.reading import COLUMNS
from apps.roster.services.uploading import put_away, send_file, take_over

PER_PAGE = 50
an_agency = acting_as("agency", permission="view")
a_booker = acting_as("agency", permission=Permission.MANAGE_ROSTER)


@require_safe
@an_agency
def invited(request: PortalRequest) -> HttpResponse:
    """Six queries, whatever the rows."""
    name = request.GET.get("q", "").strip()[:80]
    entries = RosterEntry.objects.filter(agency=_agency(request), talent=None)
    if name:
        entries = entries.filter(
            Q(first_name__icontains=name) | Q(last_name__icontains=name) | Q(email__icontains=name)
        )
    last = Invitation.objects.order_by("-created_at")
    page = Paginator(entries.prefetch_related(Prefetch("invitations", last)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    upload = RosterUpload.objects.filter(agency=_agency(request)).exclude(state=RosterUpload.State.DONE).first()
    context = {
        "page": page,
        "name": name,
        "upload": upload,
        "may_invite": actor_of(request).can(Permission.MANAGE_ROSTER),
    }
    return render(request, "portal/roster_invited.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@a_booker
def invite(request: PortalRequest) -> HttpResponse:
    form = ModelForm(request.POST if request.method == "POST" else None, initial={"language": "en"})
    if form.is_valid():
        try:
            agency = _agency(request)
            entry = invite_model(by=actor_of(request), agency=agency, person=form.person())
        except InvalidInput as error:
            form.add_error(error.field, error.message)
        else:
            when = "now" if agency.checked_at else "once your agency is checked"
            messages.success(request, f"{entry} is on your list; the invitation goes to {entry.email} {when}.")
            return redirect("roster_invited")
    return render(request, "portal/roster_invite.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
@a_booker
def send_again(request: PortalRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(RosterEntry.objects.select_related("agency"), pk=pk, agency=_agency(request))
    try:
        mail_again(by=actor_of(request), entry=entry)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"A new invitation goes to {entry.email}; the old link stopped.")
    return redirect("roster_invited")


@require_http_methods(["GET", "HEAD", "POST"])
@a_booker
def upload(request: PortalRequest) -> HttpResponse:
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            sent = send_file(by=actor_of(request), agency=_agency(request), name=given.name, data=given.read())
        except InvalidInput as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("roster_upload", pk=sent.pk)
    context = {"form": form, "columns": COLUMNS}
    return render(request, "portal/roster_upload_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_safe
@a_booker
def uploaded(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What the file says, before anything is written; asks again by itself while a worker reads."""
    found = get_object_or_404(RosterUpload, pk=pk, agency=_agency(request))
    part = "#moving" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"portal/roster_upload.html{part}", {"upload": found, "report": found.report})


@require_POST
@a_booker
def take_file(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(RosterUpload.objects.select_related("agency"), pk=pk, agency=_agency(request))
    try:
        take_over(by=actor_of(request), upload=found)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("roster_upload", pk=pk)


@require_POST
@a_booker
def forget_file(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(RosterUpload.objects.select_related("agency"), pk=pk, agency=_agency(request))
    try:
        put_away(by=actor_of(request), upload=found)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("roster_upload", pk=pk)
    messages.success(request, "The file is forgotten; nothing of it was written.")
    return redirect("roster_invited")


def _agency(request: PortalRequest) -> Organization:
    return get_object_or_404(Organization, pk=parse_ref(actor_of(request).party, "org"))
