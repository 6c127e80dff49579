"""Who does something, on whose behalf, and how sure we are of it. Every business act takes an Actor as `by`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.utils import timezone

from apps.common.errors import NotAllowed
from apps.common.refs import PLATFORM

STEP_UP_LASTS = timedelta(minutes=15)


class StepUpNeeded(NotAllowed):
    """Sign in again first: signing, answering and payout data ask for a fresh proof of who one is."""


@dataclass(frozen=True)
class Actor:
    """One person acting as one party.

    `party` is "talent:…", "org:…", "crew:…" or "platform"; `kind` is talent, agency, brand, crew, staff or system.
    `stepped_up_at` is the last fresh authentication; session, address and method are the evidence kept with a
    signature.
    """

    user_id: UUID | None
    party: str
    kind: str
    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    stepped_up_at: datetime | None = None
    session: str = ""
    address: str = ""
    method: str = ""

    SYSTEM: ClassVar["Actor"]

    @property
    def label(self) -> str:
        """How the audit chain names this actor."""
        return f"user:{self.user_id} for {self.party}" if self.user_id else "system"

    def can(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        if not self.can(permission):
            raise NotAllowed("Your role does not include this. Ask the owner of your account.")

    def require_step_up(self) -> datetime:
        """When this person last proved who they are. Raises StepUpNeeded when that is over 15 minutes ago."""
        if self.stepped_up_at is None or timezone.now() - self.stepped_up_at > STEP_UP_LASTS:
            raise StepUpNeeded("Please confirm that it is you first.", code="step_up")
        return self.stepped_up_at


Actor.SYSTEM = Actor(user_id=None, party=PLATFORM, kind="system", name="Double")
