"""Who works for a party, in which role. A party never loses its last owner.

Every change of a team takes the organisation's row first: two owners who demote each other at the same moment come one
after the other, and the second one is no owner any more.
"""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.common.wording import Code, Saying, say
from apps.organizations.models import Membership, Organization
from apps.organizations.permissions import OWNER, ROLE_WORDS, Permission
from apps.organizations.services.news import role_of, tell_about_member


@transaction.atomic
def change_role(*, by: Actor, member: Membership, role: str) -> Membership:
    """An owner gives a colleague, or herself, another role. It counts from the colleague's next page on.

    Raises NotAllowed, InvalidInput(field="role"), Refused for the last owner, StaleState when she left meanwhile.
    """
    row = _locked(by, member)
    if role not in ROLE_WORDS[row.organization.kind]:
        raise InvalidInput("Choose a role.", field="role")
    if role == row.role:
        return row
    if row.role == OWNER:
        _require_another_owner(row)
    row.role = role
    row.save(update_fields=["role"])
    called = role_of(row.organization, role)
    may = Code("may", called.code)
    tell_about_member(row, say("team.role_changed", person=str(row.user), role=called, may=may, by=by.name))
    record(
        kind="team.role_changed",
        subject=row.organization.party,
        by=by.label,
        payload={"user": str(row.user_id), "role": role},
    )
    return row


@transaction.atomic
def remove(*, by: Actor, member: Membership) -> None:
    """An owner takes a colleague out of the team; her next page is without it. Raises as change_role does."""
    row = _locked(by, member)
    person, team = str(row.user), row.organization.name
    _take_out(row, by, f"Removed by {by.name}.", say("team.removed", person=person, team=team, by=by.name))


@transaction.atomic
def leave(*, by: Actor, member: Membership) -> None:
    """Everybody may go, whatever her role. Raises NotAllowed for another person's place, Refused for the last owner."""
    if member.user_id != by.user_id:
        raise NotAllowed("Only the person herself can leave.")
    row = _again(member)
    _take_out(row, by, "By her own wish.", say("team.left", person=str(row.user), team=row.organization.name))


def require_owner(by: Actor, organization: Organization) -> None:
    """Locks the organisation's row, and reads the right again behind the lock: it may be gone by now."""
    by.require(Permission.MANAGE_TEAM)
    if by.party != organization.party or by.user_id is None:
        raise NotAllowed("This is another party's team.")
    Organization.objects.select_for_update().get(pk=organization.pk)
    if not Membership.objects.filter(organization=organization, user_id=by.user_id, role=OWNER).exists():
        raise NotAllowed("You are no owner any more.")


def _locked(by: Actor, member: Membership) -> Membership:
    require_owner(by, member.organization)
    return _again(member)


def _again(member: Membership) -> Membership:
    """The place as it is now, behind the organisation's lock."""
    Organization.objects.select_for_update().get(pk=member.organization_id)
    row = Membership.objects.select_related("organization", "user").filter(pk=member.pk).first()
    if row is None:
        raise StaleState("This person has left the team already.")
    return row


def _take_out(row: Membership, by: Actor, why: str, what: Saying) -> None:
    if row.role == OWNER:
        _require_another_owner(row)
    row.delete()
    tell_about_member(row, what)
    record(
        kind="team.left", subject=row.organization.party, by=by.label, payload={"user": str(row.user_id), "why": why}
    )


def _require_another_owner(row: Membership) -> None:
    owners = Membership.objects.filter(organization_id=row.organization_id, role=OWNER, user__is_active=True)
    if not owners.exclude(pk=row.pk).exists():
        raise Refused("Somebody has to own this account. Make a colleague owner first.", code="last_owner")
