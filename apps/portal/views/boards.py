"""Boards of a brand and packages of an agency: the same pages, each for its own people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.boards import services
from apps.boards.models import Board, Entry, Share
from apps.boards.policies import curates
from apps.bookings.views.scope import UNPROCESSABLE, refused
from apps.common.errors import DomainError, InvalidInput
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.portal import boards as pages
from apps.portal.access import actor_of
from apps.portal.board_forms import BoardForm, PackageForm, ShareForm
from apps.portal.middleware import PortalRequest
from apps.twins.models import Twin

an_organization = acting_as("agency", "brand", permission="view")


@require_safe
@an_organization
def boards(request: PortalRequest) -> HttpResponse:
    actor, organization = actor_of(request), _organization(request)
    page, rows = pages.board_rows(actor, organization, request.GET.get("page", "1"))
    context = {"page": page, "rows": rows, "may_curate": curates(actor, organization)}
    if actor.kind == "brand":
        context["packages"], context["taken"] = pages.received(organization, request.GET.get("packages", "1"))
    return render(request, "portal/boards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@an_organization
def board_new(request: PortalRequest) -> HttpResponse:
    """An empty one, or one with the twins of a board that is there (`from`): her shortlist, say."""
    actor, organization = actor_of(request), _organization(request)
    _require_curator(actor, organization)
    source = _source(request, actor)
    form = _form(organization, request.POST if request.method == "POST" else None)
    if form.is_valid():
        twins = Twin.objects.filter(pk__in=source.entries.values("twin")) if source else []
        try:
            made = services.create(by=actor, organization=organization, twins=twins, **form.cleaned_data)
        except InvalidInput as error:
            form.refuse(error.field, error.message)
        else:
            return redirect("board", made.pk)
    context = {"form": form, "source": source, "count": source.entries.count() if source else 0}
    return render(request, "portal/board_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@an_organization
def board(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The board; posted, its name and note."""
    actor, found = actor_of(request), _board(request, pk)
    if request.method != "POST":
        return _page(request, found, 200)
    _require_curator(actor, found.organization)
    form = _form(found.organization, request.POST)
    if form.is_valid():
        try:
            services.change(by=actor, board=found, **form.cleaned_data)
        except InvalidInput as error:
            form.refuse(error.field, error.message)
        else:
            messages.success(request, "Saved.")
            return redirect("board", found.pk)
    return _page(request, _board(request, pk), UNPROCESSABLE, form=form)


@require_POST
@an_organization
def board_delete(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = _board(request, pk)
    try:
        services.delete(by=actor_of(request), board=found)
    except DomainError as error:
        return _refused(request, error, found)
    messages.success(request, f"“{found.name}” is gone, and so are its links.")
    return redirect("boards")


@require_POST
@an_organization
def board_add(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The ticked twins, by their slugs."""
    found = _board(request, pk)
    twins = Twin.objects.filter(talent__slug__in=request.POST.getlist("twin"))
    try:
        put = services.add(by=actor_of(request), board=found, twins=twins)
    except DomainError as error:
        return _refused(request, error, found)
    if put:
        messages.success(request, f"{put} {'twin' if put == 1 else 'twins'} added.")
    else:
        messages.error(request, "Nothing was added: tick a twin that is not on it yet.")
    return redirect("board", found.pk)


@require_POST
@an_organization
def entry_note(request: PortalRequest, pk: UUID) -> HttpResponse:
    entry = _entry(request, pk)
    try:
        services.write_note(by=actor_of(request), entry=entry, note=request.POST.get("note", ""))
    except DomainError as error:
        return _refused(request, error, entry.board)
    messages.success(request, "The note is saved.")
    return redirect("board", entry.board_id)


@require_POST
@an_organization
def entry_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    entry = _entry(request, pk)
    try:
        services.remove(by=actor_of(request), entry=entry)
    except DomainError as error:
        return _refused(request, error, entry.board)
    return redirect("board", entry.board_id)


@require_POST
@an_organization
def board_share(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The page with the new link, which stands there this once: only its fingerprint is kept."""
    found = _board(request, pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose how long the link shall work.")
        return _page(request, found, UNPROCESSABLE)
    try:
        _, secret = services.share(by=actor_of(request), board=found, days=form.cleaned_data["days"])
    except DomainError as error:
        return _refused(request, error, found)
    return _page(request, found, 200, secret=secret)


@require_POST
@an_organization
def share_revoke(request: PortalRequest, pk: UUID) -> HttpResponse:
    rows = Share.objects.filter(board__in=pages.boards_of(actor_of(request))).select_related("board__organization")
    link = get_object_or_404(rows, pk=pk)
    try:
        services.revoke(by=actor_of(request), share=link)
    except DomainError as error:
        return _refused(request, error, link.board)
    messages.success(request, "The link is taken back. It opens nothing any more.")
    return redirect("board", link.board_id)


def _page(
    request: PortalRequest, found: Board, status: int, *, form: BoardForm | None = None, secret: str = ""
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:80]
    initial = {"name": found.name, "note": found.note, "for_brand": found.for_brand_id}
    context = {
        "page": pages.board_page(found, words=words),
        "may_curate": curates(actor_of(request), found.organization),
        "form": form or _form(found.organization, None, initial=initial),
        "share_form": ShareForm(),
        "secret": secret,
    }
    return render(request, "portal/board.html", context, status=status)


def _refused(request: PortalRequest, error: DomainError, found: Board) -> HttpResponse:
    return refused(request, error, lambda status: _page(request, _board(request, found.pk), status))  # type: ignore[arg-type]


def _form(organization: Organization, data: Any, **kwargs: Any) -> BoardForm:
    kind = PackageForm if organization.kind == Organization.Kind.AGENCY else BoardForm
    return kind(data, **kwargs)


def _source(request: PortalRequest, actor: Actor) -> Board | None:
    asked = request.POST.get("from") or request.GET.get("from")
    try:
        return pages.boards_of(actor).filter(pk=UUID(asked)).first() if asked else None
    except ValueError:
        return None


def _board(request: PortalRequest, pk: UUID) -> Board:
    return get_object_or_404(pages.boards_of(actor_of(request)), pk=pk)


def _entry(request: PortalRequest, pk: UUID) -> Entry:
    rows = Entry.objects.filter(board__in=pages.boards_of(actor_of(request)))
    return get_object_or_404(rows.select_related("board__organization"), pk=pk)


def _organization(request: PortalRequest) -> Organization:
    return get_object_or_404(Organization, pk=parse_ref(actor_of(request).party, "org"))


def _require_curator(actor: Actor, organization: Organization) -> None:
    """403 for an insider without the right, before she types anything."""
    if not curates(actor, organization):
        raise PermissionDenied
