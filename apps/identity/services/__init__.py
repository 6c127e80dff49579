"""Proving who one is, deciding about it, forgetting what was shown. The setting IDENTITY_PROVIDER says who looks."""

from django.conf import settings

from apps.identity.models import IdentityCheck
from apps.identity.services.at_stripe import ByStripe, next_look
from apps.identity.services.deciding import ALREADY_HERE, is_proven, require_proven
from apps.identity.services.person import LONGEST_REASON, ByPerson, approve, look_at, refuse, submit
from apps.identity.services.ways import Begun, Shown, Way

WAYS: dict[str, Way] = {IdentityCheck.Way.PERSON: ByPerson(), IdentityCheck.Way.STRIPE: ByStripe()}


def chosen_way(asked: str = "") -> str:
    """The way that the settings choose. Where Stripe would measure her face she may ask for a person instead: her
    agreement to that is free only if there is another way (GDPR Art. 7 and 9)."""
    return IdentityCheck.Way.PERSON if asked == IdentityCheck.Way.PERSON else settings.IDENTITY_PROVIDER


def look_again(*, check: IdentityCheck) -> None:
    WAYS[check.way].look_again(check)


def forget(*, check: IdentityCheck) -> None:
    WAYS[check.way].forget(check)


def heard_of(session_id: str) -> None:
    """Stripe told of one of its sessions: an open one is read, of a decided one we see whether it is deleted. Those of
    others are none of ours. Raises OutcomeUnknown, Rejected, Unreadable."""
    check = IdentityCheck.objects.filter(session_id=session_id).first()
    if check is None:
        return
    if check.decided_on is None:
        look_again(check=check)
    else:
        forget(check=check)


__all__ = [
    "ALREADY_HERE",
    "LONGEST_REASON",
    "WAYS",
    "Begun",
    "Shown",
    "approve",
    "chosen_way",
    "forget",
    "heard_of",
    "is_proven",
    "look_again",
    "look_at",
    "next_look",
    "refuse",
    "require_proven",
    "submit",
]
