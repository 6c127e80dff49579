"""Who may set a price."""

from datetime import UTC, datetime

from apps.accounts.actor import Actor
from apps.common.errors import NotAllowed
from apps.common.refs import PLATFORM, parse_ref
from apps.organizations.permissions import Permission
from apps.talent.models import Mandate


def require_pricing_of_talent(by: Actor, talent_ref: str) -> None:
    """The model herself or an agency with a running mandate; nobody of the platform's staff. Raises NotAllowed."""
    if by.kind == "system":
        return
    if by.party == talent_ref:
        by.require(Permission.ANSWER_AS_TALENT)
        return
    by.require(Permission.MANAGE_ROSTER)
    today = datetime.now(UTC).date()
    mandates = Mandate.objects.filter(talent_id=parse_ref(talent_ref, "talent"), agency_id=parse_ref(by.party, "org"))
    if not mandates.running_on(today).exists():
        raise NotAllowed("Only the model or an agency with a running mandate sets this price.")


def require_pricing_of(by: Actor, owner: str) -> None:
    """Whose rate card this actor may write: a model's, the own agency's, the platform's for its staff."""
    if owner.startswith("talent:"):
        require_pricing_of_talent(by, owner)
        return
    if by.kind == "system" or (owner == PLATFORM and by.kind == "staff"):
        return
    if by.party != owner or by.kind != "agency":
        raise NotAllowed("This rate card belongs to somebody else.")
    by.require(Permission.MANAGE_ROSTER)
