"""Who may touch a mandate, and the row of a proposal while somebody answers it."""

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.errors import NotAllowed, StaleState
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.talent.models import MandateProposal, Talent


def require_agency(by: Actor, agency: Organization) -> None:
    """Raises NotAllowed for everybody but those who keep this agency's roster."""
    by.require(Permission.MANAGE_ROSTER)
    if by.kind != "agency" or by.party != agency.party:
        raise NotAllowed("Only the agency's own people propose its mandates.")


def require_herself(by: Actor, talent: Talent) -> None:
    """Nobody signs for her, staff included (New York Fashion Workers Act: no power of attorney)."""
    by.require(Permission.SIGN_CONSENT)
    if by.kind != "talent" or by.party != talent.party or by.user_id is None or by.user_id != talent.user_id:
        raise NotAllowed("Only the model herself answers this.", code="in_person")


def waiting(proposal: MandateProposal) -> MandateProposal:
    """The row, locked. Raises StaleState when it was answered meanwhile."""
    locked = locked_row(proposal)
    if locked.state != MandateProposal.State.WAITING:
        raise StaleState("This proposal was answered or taken back meanwhile.")
    return locked


def locked_row(proposal: MandateProposal) -> MandateProposal:
    """Whoever comes second waits here and then sees the answer of the first."""
    rows = MandateProposal.objects.select_for_update(of=("self",)).select_related("talent__user", "agency")
    return rows.get(pk=proposal.pk)


def answer(locked: MandateProposal, state: MandateProposal.State) -> None:
    locked.state, locked.answered_at = state, timezone.now()
    locked.save(update_fields=["state", "answered_at", "mandate", "signature"])


def facts(proposal: MandateProposal) -> dict[str, str | int]:
    """What the audit chain keeps of it."""
    return {
        "talent": proposal.talent.party,
        "agency": proposal.agency.party,
        "kind": proposal.kind,
        "territories": ", ".join(proposal.territories),
        "commission_bp": proposal.commission_bp,
        "mother_bp": proposal.mother_bp,
        "starts_on": proposal.starts_on.isoformat(),
        "ends_on": proposal.ends_on.isoformat(),
    }
