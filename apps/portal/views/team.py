"""The people of an agency or a brand: who they are, what they may do, and who is asked to join."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.bookings.views.scope import UNPROCESSABLE, refused
from apps.common.errors import DomainError, InvalidInput
from apps.organizations.forms import InviteForm, RoleForm
from apps.organizations.models import Membership, TeamInvitation
from apps.organizations.permissions import ROLE_WORDS, Permission
from apps.organizations.services import change_role, invite, leave, remove, send_again, withdraw
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.views.organization import a_party, own_organization


@require_http_methods(["GET", "HEAD", "POST"])
@a_party
def team(request: PortalRequest) -> HttpResponse:
    """Everybody of the team sees it; an owner invites from here."""
    if request.method != "POST":
        return _page(request, 200)
    own, actor = own_organization(request), actor_of(request)
    form = InviteForm(request.POST, kind=own.kind)
    if not form.is_valid() and actor.can(Permission.MANAGE_TEAM):
        return _page(request, UNPROCESSABLE, form)
    try:
        invited = invite(
            by=actor, organization=own, email=form.data.get("email", ""), role=form.cleaned_data.get("role", "")
        )
    except InvalidInput as error:
        form.add_error(error.field, error.message)
        return _page(request, UNPROCESSABLE, form)
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, f"Invited: {invited.email}. The mail is on its way.")
    return redirect("team")


@require_POST
@a_party
def role(request: PortalRequest, pk: UUID) -> HttpResponse:
    member = _member(request, pk)
    form = RoleForm(request.POST, kind=member.organization.kind)
    wanted = form.cleaned_data["role"] if form.is_valid() else ""
    return _act(
        request,
        lambda: change_role(by=actor_of(request), member=member, role=wanted),
        f"{member.user}: {wanted} from now on.",
    )


@require_POST
@a_party
def remove_member(request: PortalRequest, pk: UUID) -> HttpResponse:
    member = _member(request, pk)
    return _act(request, lambda: remove(by=actor_of(request), member=member), f"{member.user} has left the team.")


@require_POST
@a_party
def leave_team(request: PortalRequest) -> HttpResponse:
    own, actor = own_organization(request), actor_of(request)
    member = get_object_or_404(_members(request), user_id=actor.user_id)
    try:
        leave(by=actor, member=member)
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, f"You have left {own.name}.")
    return redirect("landing")


@require_POST
@a_party
def invitation_again(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = _invitation(request, pk)
    done = f"A new mail to {found.email} is on its way. The old link no longer works."
    return _act(request, lambda: send_again(by=actor_of(request), invitation=found), done)


@require_POST
@a_party
def invitation_withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = _invitation(request, pk)
    done = f"Withdrawn: the link sent to {found.email} no longer works."
    return _act(request, lambda: withdraw(by=actor_of(request), invitation=found), done)


def _act(request: PortalRequest, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, done)
    return redirect("team")


def _refused(request: PortalRequest, error: DomainError) -> HttpResponse:
    return refused(request, error, lambda status: _page(request, status))  # type: ignore[arg-type]


def _page(request: PortalRequest, status: int, form: InviteForm | None = None) -> HttpResponse:
    own, actor = own_organization(request), actor_of(request)
    context = {
        "organization": own,
        "members": _members(request).order_by("user__name", "user__email"),
        "invitations": own.invitations.filter(accepted_at=None, withdrawn_at=None).select_related("organization"),
        "roles": ROLE_WORDS[own.kind],
        "may_manage": actor.can(Permission.MANAGE_TEAM),
        "may_be_away": actor.can(Permission.ANSWER_FOR_AGENCY),
        "form": form or InviteForm(kind=own.kind),
    }
    return render(request, "portal/team.html", context, status=status)


def _members(request: PortalRequest) -> QuerySet[Membership]:
    return Membership.objects.filter(organization=own_organization(request)).select_related("user", "organization")


def _member(request: PortalRequest, pk: UUID) -> Membership:
    found: Membership = get_object_or_404(_members(request), pk=pk)
    return found


def _invitation(request: PortalRequest, pk: UUID) -> TeamInvitation:
    rows = TeamInvitation.objects.filter(organization=own_organization(request)).select_related("organization")
    return get_object_or_404(rows, pk=pk)
