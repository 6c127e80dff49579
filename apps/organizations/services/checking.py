"""Staff look at an agency or a brand and decide, with a reason. `checked_at` is written here and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import PLATFORM
from apps.organizations.events import organization_checked
from apps.organizations.models import Membership, Organization, OrganizationCheck
from apps.organizations.services.news import tell_about_check

LONGEST_REASON = 500
Decision = OrganizationCheck.Decision


@dataclass(frozen=True)
class Standing:
    """Where the check stands. `decision` is the last step, empty while nobody has looked yet."""

    checked: bool
    decision: str
    trail: list[OrganizationCheck]


def standing(organization: Organization) -> Standing:
    """One query; the newest step first."""
    trail = list(organization.checks.all())
    last = next((step.decision for step in trail if step.decision != Decision.CREDIT), "")
    return Standing(organization.checked_at is not None, last, trail)


def possible_decisions(organization: Organization) -> list[OrganizationCheck.Decision]:
    """What staff can decide now."""
    return [Decision.WITHDRAWN] if organization.checked_at else [Decision.APPROVED, Decision.REFUSED]


@transaction.atomic
def decide(*, by: User, organization: Organization, decision: str, reason: str) -> OrganizationCheck:
    """One decision of one member of staff. Entry: unchecked for approved and refused, checked for withdrawn.

    Tells the owners, who read the reason. Raises NotAllowed for everybody but staff, and for staff who belong to this
    party themselves; InvalidInput(field="reason"); StaleState when a colleague was quicker.
    """
    require_staff(by, organization)
    words = checked_reason(reason)
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    if decision not in possible_decisions(row):
        raise StaleState("This was decided meanwhile. Please look again.")
    row.checked_at = timezone.now() if decision == Decision.APPROVED else None
    row.credit_limit_minor = 0  # credit is given to a checked brand, and goes with the check
    row.save(update_fields=["checked_at", "credit_limit_minor"])
    step = OrganizationCheck.objects.create(organization=row, decision=decision, reason=words, by=by)
    tell_about_check(row, step)
    if decision == Decision.APPROVED:
        organization_checked.send(sender=Organization, organization=row)
    record(
        kind=f"organization.check_{decision}",
        subject=row.party,
        by=f"user:{by.pk} for {PLATFORM}",
        payload={"reason": words},
    )
    organization.refresh_from_db()
    return step


def look_again(*, organization: Organization, by: Actor, what: Sequence[str]) -> None:
    """The owners changed what was checked: back to unchecked, with a line in the trail that says so.

    Nothing while nobody has looked yet. The caller holds the organisation's lock and records the event.
    """
    if not organization.checks.exists() and organization.checked_at is None:
        return
    organization.checked_at, organization.credit_limit_minor = None, 0
    organization.save(update_fields=["checked_at", "credit_limit_minor"])
    OrganizationCheck.objects.create(
        organization=organization,
        decision=Decision.CHANGED,
        reason=f"New: {', '.join(what)}",
        by_id=by.user_id,
    )


def require_staff(by: User, organization: Organization) -> None:
    """Raises NotAllowed for everybody but staff, and for staff who belong to this party themselves."""
    if not (by.is_staff and by.is_active):
        raise NotAllowed("Only staff decide this about agencies and brands.")
    if Membership.objects.filter(user=by, organization=organization).exists():
        raise NotAllowed("You belong to this party yourself; a colleague decides.")


def checked_reason(reason: str) -> str:
    """Raises InvalidInput(field="reason")."""
    words = reason.strip()
    if not words:
        raise InvalidInput("Say why. The owners read it.", field="reason")
    if len(words) > LONGEST_REASON:
        raise InvalidInput(f"At most {LONGEST_REASON} characters.", field="reason")
    return words
