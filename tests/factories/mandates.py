"""A proposal on its way, and the model's answers to it as her page gives them."""

from datetime import timedelta

from django.utils import timezone

from apps.common.canonical import sha256_hex
from apps.organizations.models import Organization
from apps.organizations.permissions import TALENT_PERMISSIONS
from apps.signatures.services import sign
from apps.talent.answering import sign_mandate, sign_twins
from apps.talent.mandate_text import mandate_text, twins_text
from apps.talent.models import Mandate, MandateProposal, Talent
from apps.talent.proposing import propose
from tests.factories.people import Person, acting


def propose_as(booker: Person, agency: Organization, talent: Talent, **fields) -> MandateProposal:
    """Two years from today in France and Belgium, twenty per cent, twins not asked for."""
    today = timezone.now().date()
    defaults = {
        "kind": "local",
        "territories": ["FR", "BE"],
        "commission_bp": 2_000,
        "starts_on": today,
        "ends_on": today + timedelta(days=700),
    }
    return propose(by=booker.actor, agency=agency, talent=talent, **(defaults | fields))


def sign_as(person: Person, proposal: MandateProposal, language: str = "en") -> Mandate:
    shown = sha256_hex(mandate_text(proposal, language=language).encode())
    return sign_mandate(by=person.actor, proposal=proposal, language=language, shown_sha256=shown)


def sign_twins_as(person: Person, proposal: MandateProposal, language: str = "en") -> Mandate:
    shown = sha256_hex(twins_text(proposal, language=language).encode())
    return sign_twins(by=person.actor, proposal=proposal, language=language, shown_sha256=shown)


def signed_mandate_of(talent: Talent) -> Mandate:
    """Her running local mandate, with the proposal and the signature that made it, as if she had signed it so."""
    mandate = Mandate.objects.filter(talent=talent, kind="local").latest("created_at")
    if not hasattr(mandate, "proposal"):
        proposal = MandateProposal(
            talent=talent, agency=mandate.agency, kind=mandate.kind, territories=mandate.territories, mandate=mandate,
            commission_bp=mandate.commission_bp, starts_on=mandate.starts_on, ends_on=mandate.ends_on,
            state="signed", answered_at=timezone.now(),
        )  # fmt: skip
        assert talent.user is not None
        proposal.signature = sign(
            by=acting(talent.user, talent.party, "talent", TALENT_PERMISSIONS), kind="mandate",
            subject=f"mandate:{mandate.pk}", version="mandate/2026-11", language="en", text="Mandate\nAs agreed.",
        )  # fmt: skip
        proposal.save()
    return mandate
