"""Out of office: a booker says from when to when she is away, and which colleague stands in for her.

The deputy could answer every request of the agency before; what changes is whose desk shows them, who is mailed, and
what the audit chain says of who acted for whom. Nobody stands in for a model.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import ref
from apps.common.wording import say
from apps.organizations.models import Absence, Membership, Organization
from apps.organizations.permissions import Permission, roles_with
from apps.organizations.services.news import tell_about_member

LONGEST = timedelta(days=180)
RIGHT = Permission.ANSWER_FOR_AGENCY


@transaction.atomic
def announce_absence(
    *, by: Actor, organization: Organization, deputy: User | None, starts_on: date, ends_on: date
) -> Absence:
    """A booker of this agency is away, both days inclusive. Raises NotAllowed for everybody else, for brands, models
    and staff; InvalidInput(field="deputy", "starts_on" or "ends_on").

    The organisation's row is locked: two who name each other for the same days at the same moment do not both succeed.
    """
    by.require(RIGHT)
    if by.kind != "agency" or by.party != organization.party or by.user_id is None:
        raise NotAllowed("Only a booker of this agency can be away from it.")
    Organization.objects.select_for_update().get(pk=organization.pk)
    _check_days(starts_on, ends_on)
    if deputy is None or deputy not in possible_deputies(organization, apart_from=by):
        raise InvalidInput("Choose a colleague who answers requests too.", field="deputy")
    _check_overlaps(by.user_id, organization, deputy, starts_on, ends_on)
    made = Absence.objects.create(
        organization=organization, user_id=by.user_id, deputy=deputy, starts_on=starts_on, ends_on=ends_on
    )
    theirs = Membership.objects.select_related("organization", "user").get(organization=organization, user=deputy)
    tell_about_member(theirs, say("team.stand_in", person=by.name, start=starts_on, end=ends_on))
    payload = {"user": str(by.user_id), "deputy": str(made.deputy_id), "from": str(starts_on), "to": str(ends_on)}
    record(kind="team.away", subject=ref("absence", made.pk), by=by.label, payload=payload)
    return made


@transaction.atomic
def end_absence(*, by: Actor, absence: Absence) -> Absence:
    """She is back, or stays after all. Raises NotAllowed for anybody else, StaleState when it is over."""
    if by.user_id is None or by.user_id != absence.user_id or by.party != absence.organization.party:
        raise NotAllowed("Only who is away can come back.")
    row = Absence.objects.select_for_update().get(pk=absence.pk)
    if row.ended_at or row.ends_on < timezone.now().date():
        raise StaleState("This absence is over already.")
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(kind="team.back", subject=ref("absence", row.pk), by=by.label, payload={"user": str(row.user_id)})
    return row


def possible_deputies(organization: Organization, *, apart_from: Actor) -> list[User]:
    """The colleagues with the same right, by name."""
    rows = Membership.objects.filter(organization=organization, role__in=roles_with("agency", RIGHT))
    rows = rows.filter(user__is_active=True).exclude(user=apart_from.user_id or None).select_related("user")
    return [member.user for member in rows.order_by("user__name", "user__email")]


def _check_days(starts_on: date, ends_on: date) -> None:
    if starts_on < timezone.now().date():
        raise InvalidInput("The first day cannot be in the past.", field="starts_on")
    if ends_on < starts_on:
        raise InvalidInput("The last day comes before the first.", field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise InvalidInput("At most half a year at once.", field="ends_on")


def _check_overlaps(user_id: UUID, organization: Organization, deputy: User, first: date, last: date) -> None:
    meeting = Absence.objects.filter(organization=organization, ended_at=None, starts_on__lte=last, ends_on__gte=first)
    if meeting.filter(user_id=user_id).exists():
        raise InvalidInput("You are away on some of these days already. End that first.", field="starts_on")
    if meeting.filter(user=deputy).exists():
        raise InvalidInput("This colleague is away on some of these days.", field="deputy")
    if meeting.filter(deputy_id=user_id).exists():
        raise InvalidInput("On some of these days you stand in for a colleague.", field="starts_on")
