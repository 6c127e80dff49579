"""As whom a signed-in person may act, and as whom she acts now."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.common.refs import PLATFORM
from apps.organizations.models import Membership
from apps.organizations.permissions import TALENT_PERMISSIONS
from apps.talent.models import Talent

SESSION_KEY = "acting_as"


@dataclass(frozen=True)
class Party:
    """One party a person may act for, as the account switcher shows it."""

    party: str
    kind: str
    name: str
    slug: str
    role: str
    permissions: frozenset[str]
    checked: bool = True  # agencies and brands: staff looked at them; before that they prepare only


def parties_of(user: User) -> list[Party]:
    """All that this person may act for: herself as a model, her organisations, the platform. Two queries."""
    found = [
        Party(talent.party, "talent", talent.stage_name, talent.slug, "Model", TALENT_PERMISSIONS)
        for talent in Talent.objects.filter(user=user)
    ]
    memberships = Membership.objects.filter(user=user).select_related("organization").order_by("organization__name")
    found += [
        Party(
            membership.organization.party,
            membership.organization.kind,
            membership.organization.name,
            membership.organization.slug,
            membership.role_label,
            membership.permissions,
            membership.organization.checked_at is not None,
        )
        for membership in memberships
    ]
    if user.is_staff:
        found.append(Party(PLATFORM, "staff", "Double", "double", "Staff", frozenset()))
    return found


def chosen(parties: list[Party], wanted: str) -> Party | None:
    """The wanted party when it is still one of hers, else the first, else None."""
    return next((party for party in parties if party.party == wanted), parties[0] if parties else None)


def actor_for(request: HttpRequest, user: User, party: Party) -> Actor:
    """The actor of this request, with the evidence a signature keeps: how and when she proved who she is."""
    records = get_authentication_records(request, user)
    latest = max(records, key=lambda record: record["at"], default=None)
    return Actor(
        user_id=user.pk,
        party=party.party,
        kind=party.kind,
        name=str(user),
        permissions=party.permissions,
        stepped_up_at=datetime.fromtimestamp(latest["at"], tz=UTC) if latest else None,
        session=_fingerprint(request.session.session_key),
        address=get_adapter(request).get_client_ip(request),
        method=str(latest["method"]) if latest else "",
    )


def _fingerprint(session_key: str | None) -> str:
    """Enough to tell sessions apart in the evidence; the key itself would let a reader take the session over."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:16]
