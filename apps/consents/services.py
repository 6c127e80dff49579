"""Giving, withdrawing and asking for consent."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import ref
from apps.consents.events import consent_withdrawn
from apps.consents.models import Consent, Purpose
from apps.organizations.permissions import Permission
from apps.signatures.services import sign
from apps.talent.models import Talent

TEXT_VERSION = "2026-11"


def has(talent: Talent, purpose: Purpose | str) -> bool:
    """Whether this purpose is granted right now."""
    return Consent.objects.in_force().filter(talent=talent, purpose=purpose).exists()


def consent_text(
    *, talent: Talent, purpose: Purpose, scope: str, rate_of_pay: str, uses: Sequence[str], ends_at: datetime
) -> str:
    """The text the talent reads and signs; its hash is the evidence (New York Fashion Workers Act: scope, purpose,
    rate of pay, duration; California AB 2602: intended uses)."""
    return "\n".join(
        [
            f"I, {talent.stage_name}, agree to one thing: {purpose.label}.",
            f"Scope: {scope}",
            f"Rate of pay: {rate_of_pay}",
            f"Intended uses: {'; '.join(uses)}",
            f"Until: {ends_at:%d %B %Y}",
            "I can withdraw this at any time, as easily as I give it. Nobody can give it for me.",
        ]
    )


@transaction.atomic
def grant(
    *, by: Actor, talent: Talent, purpose: Purpose, scope: str, rate_of_pay: str, intended_uses: Sequence[str],
    ends_at: datetime, language: str = "en", counsel: str = "",
) -> Consent:  # fmt: skip
    """The talent signs one purpose. Entry: not granted; exit: granted, signature and audit event in one transaction.

    Raises NotAllowed for anybody but the talent in person, StepUpNeeded without a fresh sign-in.
    """
    _require_herself(by, talent)
    if not intended_uses:
        raise InvalidInput("Name at least one intended use.", field="intended_uses")
    if has(talent, purpose):
        raise StaleState("This consent is already given.")
    text = consent_text(
        talent=talent, purpose=purpose, scope=scope, rate_of_pay=rate_of_pay, uses=intended_uses, ends_at=ends_at
    )
    signature = sign(
        by=by, kind="consent", subject=talent.party, version=f"{purpose}/{TEXT_VERSION}", language=language, text=text
    )
    return Consent.objects.create(
        talent=talent, purpose=purpose, signature=signature, scope=scope, rate_of_pay=rate_of_pay,
        intended_uses=list(intended_uses), counsel=counsel, granted_at=timezone.now(), ends_at=ends_at,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, by: Actor, consent: Consent) -> None:
    """The talent takes one purpose back, at once. Raises NotAllowed for others, StaleState when already withdrawn."""
    _require_herself(by, consent.talent)
    now = timezone.now()
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
        raise StaleState("This consent is already withdrawn.")
    consent_withdrawn.send(sender=Consent, consent=consent, by=by)
    record(
        kind="consent.withdrawn", subject=ref("consent", consent.pk), by=by.label, payload={"purpose": consent.purpose}
    )


def _require_herself(by: Actor, talent: Talent) -> None:
    by.require(Permission.SIGN_CONSENT)
    if by.party != talent.party or by.user_id != talent.user_id:
        raise NotAllowed("Only the model herself can sign or withdraw a consent.")
