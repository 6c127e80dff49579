"""Exclusivities signed elsewhere: the model's own page, and her agency's page of the same."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import acting_as
from apps.bookings.views.scope import UNPROCESSABLE
from apps.common.errors import InvalidInput, StaleState
from apps.common.refs import parse_ref
from apps.organizations.permissions import Permission
from apps.portal.access import actor_of
from apps.portal.commitments import CommitmentForm, bound_elsewhere, commitments_of
from apps.portal.middleware import PortalRequest
from apps.portal.model_file import represented_model
from apps.talent.commitments import enter_commitment, remove_commitment
from apps.talent.models import OutsideCommitment, Talent

PER_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("talent", permission=Permission.SIGN_CONSENT)
def commitments(request: PortalRequest) -> HttpResponse:
    talent = get_object_or_404(Talent, pk=parse_ref(actor_of(request).party, "talent"))
    return _page(request, talent)


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("agency", permission=Permission.MANAGE_ROSTER)
def roster_commitments(request: PortalRequest, slug: str) -> HttpResponse:
    return _page(request, represented_model(actor_of(request), slug))


@require_POST
@acting_as("talent", "agency")
def commitment_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Hers to remove; an agency's only where it entered it. Everybody else finds nothing here."""
    actor = actor_of(request)
    rows = OutsideCommitment.objects.select_related("talent")
    mine = {"talent": parse_ref(actor.party, "talent")} if actor.kind == "talent" else {"entered_by": actor.party}
    found = get_object_or_404(rows, pk=pk, **mine)
    try:
        remove_commitment(by=actor, commitment=found)
    except StaleState as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Removed. It blocks nothing any more.")
    return _back(request, found.talent)


def _page(request: PortalRequest, talent: Talent) -> HttpResponse:
    actor = actor_of(request)
    form = CommitmentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            enter_commitment(by=actor, talent=talent, **form.entered())
        except InvalidInput as error:
            form.refuse(error.field, error.message)
        else:
            messages.success(request, "Entered. It blocks from now on.")
            return _back(request, talent)
    page = Paginator(commitments_of(talent), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "talent": talent,
        "page": page,
        "bound": bound_elsewhere(talent, actor, list(page)),
    }
    return render(request, "portal/commitments.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _back(request: PortalRequest, talent: Talent) -> HttpResponse:
    if actor_of(request).kind == "talent":
        return redirect("commitments")
    return redirect("roster_commitments", slug=talent.slug)
