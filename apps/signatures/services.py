"""Signing: the one way a signature comes into being."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.canonical import sha256_hex
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import ref
from apps.signatures import tasks
from apps.signatures.documents import CERTIFIED
from apps.signatures.models import Signature

IN_PERSON = frozenset({"talent", "agency", "brand"})


@transaction.atomic
def sign(*, by: Actor, kind: str, subject: str, version: str, language: str, text: str) -> Signature:
    """Keep the text exactly as it was shown, who signed it and how we know; with its audit event. What is one of
    CERTIFIED gets a certificate after the commit.

    Nobody signs for her: only a person acting for their own party can, never staff and never the system (New York
    Fashion Workers Act: the model's own written consent; no power of attorney). Whether this party may sign this
    subject is the caller's question. Raises NotAllowed, StepUpNeeded (code "step_up") when the last proof of identity
    is older than 15 minutes, InvalidInput for an empty text.
    """
    if by.kind not in IN_PERSON or by.user_id is None:
        raise NotAllowed("Only the person concerned can sign this. Nobody signs for somebody else.", code="in_person")
    stepped_up_at = by.require_step_up()
    if not text.strip():
        raise InvalidInput("There is nothing to sign.", field="text")
    signature = Signature.objects.create(
        kind=kind,
        subject=subject,
        version=version,
        language=language,
        text=text,
        text_sha256=sha256_hex(text.encode()),
        signer=by.user_id,
        party=by.party,
        signed_at=timezone.now(),
        stepped_up_at=stepped_up_at,
        session_sha256=sha256_hex(by.session.encode()) if by.session else "",
        method=by.method,
        address=by.address,
    )
    record(kind="signature.made", subject=ref("signature", signature.pk), by=by.label, payload=_evidence(signature))
    if kind in CERTIFIED:
        transaction.on_commit(partial(tasks.make_certificate.delay, str(signature.pk)))
    return signature


def require_as_shown(text: str, shown_sha256: str) -> None:
    """What is signed is what stood on the screen. Raises StaleState when the words have changed since."""
    if sha256_hex(text.encode()) != shown_sha256:
        raise StaleState("The text has changed since you read it. Please read it again.")


def _evidence(signature: Signature) -> dict[str, str]:
    """What the chain commits to: changing the row afterwards no longer agrees with it."""
    return {
        "kind": signature.kind,
        "subject": signature.subject,
        "version": signature.version,
        "language": signature.language,
        "text_sha256": signature.text_sha256,
        "signed_at": signature.signed_at.isoformat(),
        "stepped_up_at": signature.stepped_up_at.isoformat(),
        "session_sha256": signature.session_sha256,
        "method": signature.method,
        "address": signature.address,
    }
