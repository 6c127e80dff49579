"""Giving, withdrawing and asking for consent."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import ref
from apps.consents.consent_text import TEXT_VERSION, consent_text
from apps.consents.events import consent_granted, consent_withdrawn
from apps.consents.models import Consent, Purpose
from apps.consents.news import tell_of_grant, tell_of_withdrawal
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.signatures.services import require_as_shown, sign
from apps.talent.models import Talent


def has(talent: Talent, purpose: Purpose | str) -> bool:
    """Whether this purpose is granted right now."""
    return Consent.objects.in_force().filter(talent=talent, purpose=purpose).exists()


@transaction.atomic
def grant(
    *, by: Actor, talent: Talent, purpose: Purpose, scope: str, rate_of_pay: str, intended_uses: Sequence[str],
    ends_at: datetime, language: str = "en", counsel: str = "", counsel_on: date | None = None,
    shown_sha256: str | None = None,
) -> Consent:  # fmt: skip
    """The talent signs one purpose. Entry: not granted; exit: granted, signature and audit event in one transaction.

    `shown_sha256` is of the text that stood on her screen; None only where no screen stood between. `counsel` is a
    name and the day on which it advised her. Raises NotAllowed for anybody but the talent in person, StepUpNeeded
    without a fresh sign-in, StaleState when the text is another or the purpose is granted, InvalidInput(field=…).
    """
    _require_herself(by, talent)
    if not intended_uses:
        raise InvalidInput("Name at least one intended use.", field="intended_uses")
    _check_counsel(counsel, counsel_on)
    if has(talent, purpose):
        raise StaleState("This consent is already given.")
    text = consent_text(
        talent=talent, purpose=purpose, scope=scope, rate_of_pay=rate_of_pay, uses=intended_uses, ends_at=ends_at,
        language=language, counsel=counsel, counsel_on=counsel_on,
    )  # fmt: skip
    if shown_sha256 is not None:
        require_as_shown(text, shown_sha256)
    signature = sign(
        by=by, kind="consent", subject=talent.party, version=f"{purpose}/{TEXT_VERSION}", language=language, text=text
    )
    _close_what_ran_out(talent, purpose)
    consent = Consent.objects.create(
        talent=talent, purpose=purpose, signature=signature, scope=scope, rate_of_pay=rate_of_pay,
        intended_uses=list(intended_uses), counsel=counsel, counsel_on=counsel_on, granted_at=timezone.now(),
        ends_at=ends_at,
    )  # fmt: skip
    consent_granted.send(sender=Consent, consent=consent)
    tell_of_grant(consent)
    return consent


@transaction.atomic
def withdraw(*, by: Actor, consent: Consent) -> None:
    """The talent takes one purpose back, at once. Raises NotAllowed for others, StaleState when already withdrawn."""
    _require_herself(by, consent.talent)
    now = timezone.now()
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
        raise StaleState("This consent is already withdrawn.")
    consent_withdrawn.send(sender=Consent, consent=consent, by=by)
    tell_of_withdrawal(consent)
    record(
        kind="consent.withdrawn", subject=ref("consent", consent.pk), by=by.label, payload={"purpose": consent.purpose}
    )


def _check_counsel(name: str, day: date | None) -> None:
    """California AB 2602: her own lawyer or union. An agency has an interest of its own and is no counsel."""
    if bool(name.strip()) != (day is not None):
        missing = "counsel_on" if name.strip() else "counsel"
        raise InvalidInput("Counsel is a name and the day of the advice.", field=missing)
    if day is not None and day > timezone.now().date():
        raise InvalidInput("The advice comes before the signature.", field="counsel_on")
    agencies = Organization.objects.filter(kind=Organization.Kind.AGENCY)
    if name and agencies.filter(Q(name__iexact=name.strip()) | Q(legal_name__iexact=name.strip())).exists():
        raise InvalidInput("An agency is no counsel. Name your own lawyer or union.", field="counsel")


def _close_what_ran_out(talent: Talent, purpose: Purpose) -> None:
    """A consent whose time is over makes room for the next: it counts as withdrawn on the day it ended."""
    ended = Consent.objects.filter(talent=talent, purpose=purpose, withdrawn_at=None, ends_at__lte=timezone.now())
    ended.update(withdrawn_at=F("ends_at"))


def _require_herself(by: Actor, talent: Talent) -> None:
    by.require(Permission.SIGN_CONSENT)
    if by.kind != "talent" or by.party != talent.party or by.user_id is None or by.user_id != talent.user_id:
        raise NotAllowed("Only the model herself can sign or withdraw a consent.")
