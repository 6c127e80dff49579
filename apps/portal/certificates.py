"""Certificates of signatures: who may have one, and whether it is there yet."""

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.refs import parse_ref
from apps.signatures.documents import CERTIFIED
from apps.signatures.models import Certificate, Signature
from apps.talent.models import MandateProposal


def signatures_of(actor: Actor) -> QuerySet[Signature]:
    """Her own consents and mandates for the model; for an agency only the mandates that it is party to."""
    certified = Signature.objects.filter(kind__in=CERTIFIED)
    if actor.kind == "talent":
        return certified.filter(party=actor.party)
    if actor.kind == "agency":
        theirs = MandateProposal.objects.filter(agency=parse_ref(actor.party, "org"))
        return certified.filter(
            Q(pk__in=theirs.values("signature")) | Q(pk__in=theirs.values("twins_signature")),
        )
    return certified.none()


def name_of_file(certificate: Certificate) -> str:
    return f"double-{certificate.signature.kind.replace('_', '-')}-{certificate.signature.signed_at:%Y-%m-%d}.pdf"
