"""Examining a PDF that claims to be ours. Only for bytes of our own storage: a stranger's file can be crafted."""

import io
from dataclasses import dataclass
from datetime import datetime

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import NonexistentAttributeError, SigningError, find_unique_cms_attribute
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from apps.integrations.pdf.apart import apart
from apps.integrations.pdf.chain import current


class Unsound(Exception):
    """Not a document of ours as we signed it; the message says what is wrong."""


@dataclass(frozen=True)
class Sound:
    """`stamped_at` is the trusted time of the signature."""

    signer: str
    stamped_at: datetime


def examine(pdf: bytes) -> Sound:
    """One signature of ours over every byte of the file, certified, intact, trusted and time-stamped.

    Judged at the time of the stamp, so that it still holds when the certificate has ended. Text laid over by a further
    revision leaves the signature itself valid: what it covers is what counts. Raises Unsound.
    """
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if len(found) != 1:
            raise Unsound(f"{len(found)} signatures instead of one")
        return _judge(found[0])
    except (PdfError, SignatureValidationError, SigningError, ValueError, KeyError, IndexError, TypeError) as error:
        raise Unsound(f"cannot be read: {error}") from error


def _judge(signature: EmbeddedPdfSignature) -> Sound:
    signature.compute_integrity_info()
    if signature.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        raise Unsound("something was added after the signature")
    if signature.docmdp_level != MDPPerm.NO_CHANGES:
        raise Unsound("not certified against changes")
    stamped_at = _stamped_at(signature)
    trusted = ValidationContext(
        trust_roots=list(load_certs_from_pemder([str(current().anchors)])), moment=stamped_at, allow_fetching=False
    )
    status = apart(validate_pdf_signature, signature, signer_validation_context=trusted, ts_validation_context=trusted)
    if not status.intact or not status.valid:
        raise Unsound("altered after the signature")
    if not status.trusted or not status.bottom_line:
        raise Unsound("not signed by us")
    return Sound(signer=status.signing_cert.subject.human_friendly, stamped_at=stamped_at)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime:
    """What the stamp says; whether it is one of ours is judged with the rest."""
    try:
        token = find_unique_cms_attribute(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token")
    except NonexistentAttributeError as error:
        raise Unsound("no time stamp") from error
    moment: datetime = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return moment
