"""What both ways share: who may begin, what a decision does, and what it means that somebody is proven."""

from datetime import date

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import NotAllowed, Refused
from apps.identity.models import IdentityCheck
from apps.identity.news import tell
from apps.organizations.permissions import Permission
from apps.talent.models import Talent

ALREADY_HERE = "Your document is already here; nothing more is needed from you."
State = IdentityCheck.State


def is_proven(talent: Talent) -> bool:
    """Whether somebody looked at her document and found her to be who she says, and of age."""
    return IdentityCheck.objects.filter(talent=talent, state=State.APPROVED).exists()


def require_proven(talent: Talent) -> None:
    """Raises Refused (code "identity") before that: nothing is made of somebody whom nobody has looked at."""
    if not is_proven(talent):
        raise Refused(
            "First prove who you are and that you are of age; what you show is deleted afterwards.", code="identity"
        )


def require_herself(by: Actor, talent: Talent) -> None:
    """Raises NotAllowed for anybody else."""
    by.require(Permission.SIGN_CONSENT)
    if by.party != talent.party or by.user_id != talent.user_id:
        raise NotAllowed("Only the model herself can prove who she is.")


def decided(row: IdentityCheck, today: date, *, by: str, user: User | None = None) -> IdentityCheck:
    """Writes a decision that `row` carries, in the caller's transaction, and tells her. What she showed is deleted by
    the next round."""
    row.decided_by, row.decided_on, row.due_at = user, today, None
    row.save(update_fields=["state", "birth_date", "reason", "decided_by", "decided_on", "due_at"])
    tell(row)
    record(kind=f"identity.{row.state}", subject=row.ref, by=by, payload={"reason": row.reason})
    return row


def give_up(talent: Talent, *, reason: str) -> None:
    """Ends what she began and showed nothing for. Nobody is told: it is her own doing, or her silence."""
    for row in IdentityCheck.objects.select_for_update().filter(talent=talent, state=State.STARTED):
        row.state, row.reason, row.decided_on, row.due_at = State.REFUSED, reason, timezone.now().date(), None
        row.save(update_fields=["state", "reason", "decided_on", "due_at"])
        record(kind="identity.given_up", subject=row.ref, by=Actor.SYSTEM.label, payload={"reason": reason})
