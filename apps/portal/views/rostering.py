"""The agency's roster: its table, the columns that a person chose, what is done with several models, the file of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.audit.services import JSON, record
from apps.bookings.views.scope import refused
from apps.common.errors import DomainError
from apps.common.refs import parse_ref
from apps.common.spreadsheet import csv_file
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.model_file import model_file, represented_model
from apps.portal.roster import Wanted, sheet
from apps.portal.roster import roster as roster_of
from apps.portal.roster_columns import COLUMNS
from apps.roster.models import BulkAct
from apps.roster.services import filing
from apps.roster.services.columns import choose_columns
from apps.talent.models import Board

an_agency = acting_as("agency", permission="view")
a_booker = acting_as("agency", permission=Permission.MANAGE_ROSTER)


@require_safe
@an_agency
def roster(request: PortalRequest) -> HttpResponse:
    return _page(request, 200)


@require_safe
@an_agency
def roster_model(request: PortalRequest, slug: str) -> HttpResponse:
    """A model's file."""
    actor = actor_of(request)
    context = {
        "file": model_file(actor, represented_model(actor, slug)),
        "may_file": actor.can(Permission.MANAGE_ROSTER),
    }
    return render(request, "portal/model_file.html", context)


@require_POST
@an_agency
def columns(request: PortalRequest) -> HttpResponse:
    """Hers, on every device, until she chooses others."""
    known = [column.key for column in COLUMNS]
    choose_columns(by=actor_of(request), columns=request.POST.getlist("column"), known=known)
    return redirect(_back(request))


@require_POST
@an_agency
def roster_csv(request: PortalRequest) -> HttpResponse:
    """The view that is on the screen as a file. Data leaves the house: who took what stands in the audit chain."""
    actor, wanted = actor_of(request), Wanted.from_query(request.GET)
    rows = sheet(actor, wanted)
    payload: dict[str, JSON] = {
        "view": wanted.view,
        "name": wanted.name,
        "columns": ", ".join(rows[0]),
        "rows": len(rows) - 1,
    }
    record(kind="roster.exported", subject=actor.party, by=actor.label, payload=payload)
    name = f"roster-{wanted.view}-{timezone.now():%Y-%m-%d}.csv"
    return HttpResponse(
        csv_file(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_POST
@a_booker
def bulk(request: PortalRequest) -> HttpResponse:
    """The ticked models, and what to do with them; "board:men" names the board with it."""
    what, _, board = request.POST.get("what", "").partition(":")
    try:
        done = filing.act(
            by=actor_of(request),
            agency=_agency(request),
            models=_ids(request.POST.getlist("model")),
            what=what,
            board=board,
        )
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, status))  # type: ignore[arg-type]
    messages.success(request, _said(done))
    return redirect(_back(request))


@require_POST
@a_booker
def bulk_undo(request: PortalRequest, pk: UUID) -> HttpResponse:
    done = get_object_or_404(BulkAct.objects.select_related("agency"), pk=pk, agency=_agency(request))
    try:
        filing.undo(by=actor_of(request), done=done)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, status))  # type: ignore[arg-type]
    reminded = done.what == BulkAct.What.REMIND
    messages.success(request, "Taken back: nobody is reminded." if reminded else "Undone: they stand as before.")
    return redirect(_back(request))


def _page(request: PortalRequest, status: int) -> HttpResponse:
    actor = actor_of(request)
    may_file = actor.can(Permission.MANAGE_ROSTER)
    page = roster_of(actor, Wanted.from_query(request.GET), page_number=request.GET.get("page", "1"))
    context = {
        "roster": page,
        "columns": COLUMNS,
        "boards": Board.choices,
        "may_file": may_file,
        "undoable": filing.undoable(by=actor, agency=_agency(request)) if may_file else None,
        "ticked": request.POST.getlist("model"),
    }
    return render(request, "portal/roster.html", context, status=status)


def _said(done: BulkAct) -> str:
    count = len(done.before)
    models = f"{count} model{'' if count == 1 else 's'}"
    return {
        BulkAct.What.REMIND: f"{models} will be reminded in ten minutes.",
        BulkAct.What.BOARD: f"{models} moved to {done.get_board_display().lower()}.",
        BulkAct.What.ASIDE: f"{models} set aside. Their mandates, requests and licences go on.",
        BulkAct.What.BACK: f"{models} brought back.",
    }[BulkAct.What(done.what)]


def _ids(texts: list[str]) -> set[UUID]:
    """Text that is no id cannot be a model of this roster: the service would refuse it, so an unknown one stands in."""
    return {UUID(text) if _is_id(text) else UUID(int=0) for text in texts}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _agency(request: PortalRequest) -> Organization:
    return get_object_or_404(Organization, pk=parse_ref(actor_of(request).party, "org"))


def _back(request: PortalRequest) -> str:
    """The same view of the roster."""
    query = request.GET.urlencode()
    return reverse("roster") + (f"?{query}" if query else "")
