"""Making and checking the certificates of signatures."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.audit.services import record
from apps.common.canonical import sha256_hex
from apps.common.refs import ref
from apps.integrations.pdf.reader import Sound, Unsound, examine
from apps.integrations.pdf.signer import sign as sign_pdf
from apps.media.services import read, store
from apps.signatures.documents import CERTIFIED, evidence_of, typeset
from apps.signatures.models import Certificate, Signature

MADE = "certificate.made"


@transaction.atomic
def make(*, signature_id: UUID | str) -> Certificate:
    """The certificate of one signature, made now if there is none: 0.15 s. Read back before it is kept.

    Raises Signature.DoesNotExist, Unsound when what was made does not hold.
    """
    signature = Signature.objects.select_for_update().get(pk=signature_id)
    if there := Certificate.objects.filter(signature=signature).first():
        return there
    evidence = evidence_of(signature)
    pdf = sign_pdf(typeset(evidence), reason=evidence["title"])
    sound = examine(pdf)
    file = store(data=pdf, kind="certificate", owner=signature.party, content_type="application/pdf")
    made = Certificate.objects.create(signature=signature, file=file, sha256=file.sha256, stamped_at=sound.stamped_at)
    payload: dict[str, str | int] = {"signature": str(signature.pk), "sha256": file.sha256, "size": file.size}
    record(kind=MADE, subject=ref("certificate", made.pk), by=Actor.SYSTEM.label, payload=payload)
    return made


def verify(certificate: Certificate) -> Sound:
    """The stored bytes, the row and the audit chain agree, and our signature covers the entire file.

    Raises Unsound with what does not hold, contents.Gone for a deleted file.
    """
    pdf = read(certificate.file)
    found = sha256_hex(pdf)
    if found != certificate.sha256:
        raise Unsound("other bytes than those that were made")
    event = Event.objects.filter(kind=MADE, subject=ref("certificate", certificate.pk)).first()
    if event is None or (event.body and event.body["data"]["sha256"] != found):
        raise Unsound("the audit chain tells of another file")
    signature = certificate.signature
    if sha256_hex(signature.text.encode()) != signature.text_sha256:
        raise Unsound("the text that was signed was changed")
    return examine(pdf)


def without_certificate() -> QuerySet[Signature]:
    """Signatures whose certificate was lost on the way, the oldest first."""
    return Signature.objects.filter(kind__in=CERTIFIED, certificate=None).order_by("signed_at")
