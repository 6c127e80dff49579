"""Releasing a picture: label, metadata, read-back. And the fingerprints of what was released."""

from dataclasses import dataclass

from apps.common.canonical import sha256_hex
from apps.integrations.c2pa.signer import sign
from apps.provenance import xmp
from apps.provenance.check import check
from apps.provenance.facts import ReleaseFacts
from apps.provenance.label import burn
from apps.provenance.manifest import manifest_of
from apps.provenance.models import Fingerprint
from apps.provenance.pixels import bare_pixels, encode
from apps.provenance.properties import properties_of

__all__ = ["ReleaseFacts", "Released", "find", "register", "release"]


@dataclass(frozen=True)
class Released:
    """A JPEG that may leave the house. Nothing touches it afterwards: another byte is another fingerprint."""

    data: bytes
    sha256: str
    width: int
    height: int


def release(*, picture: bytes, facts: ReleaseFacts) -> Released:
    """The picture with its label burnt in, its facts as XMP and our signature over all, read back and compared.

    A new sRGB JPEG; nothing of the input but its pixels goes in. Raises check.NotReleasable when the file does not say
    what it must, SigningFailed (of integrations.c2pa) without a signature, OSError when `picture` is no picture.
    """
    labelled = burn(bare_pixels(picture), facts.label_text, facts.label_corner).picture
    data = sign(encode(labelled, xmp.write(properties_of(facts))), manifest_of(facts))
    check(data, facts=facts, size=labelled.size)
    return Released(data, sha256_hex(data), *labelled.size)


def register(*, sha256: str, subject: str) -> Fingerprint:
    """Remember what a released file was. Raises IntegrityError for bytes that are already known."""
    return Fingerprint.objects.create(sha256=sha256, subject=subject)


def find(sha256: str) -> str | None:
    """The subject ("deliverable:…") of exactly this file, or None, which proves nothing."""
    return Fingerprint.objects.filter(sha256=sha256).values_list("subject", flat=True).first()
