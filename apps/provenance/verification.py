"""What a file says about itself, from the strongest evidence to the weakest. Nothing of it is kept."""

from dataclasses import dataclass

from apps.common.canonical import sha256_hex
from apps.integrations.c2pa.errors import Unreadable
from apps.integrations.c2pa.reader import read
from apps.integrations.c2pa.types import Credentials
from apps.provenance import jpeg, xmp
from apps.provenance.manifest import LICENCE
from apps.provenance.services import find

DELIVERABLE = "deliverable:"
GUID = "urn:uuid:"
# By the first bytes, never by a name that was sent along.
SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"RIFF": "image/webp"}


@dataclass(frozen=True)
class Examination:
    """Subjects are "deliverable:…" texts or empty.

    `exact`: these very bytes left the house. `signed`: our trusted signature over these pixels names it.
    `claimed`: the metadata names it, which anybody can write.
    """

    sha256: str
    exact: str
    signed: str
    claimed: str
    credentials: Credentials | None


def examine(raw: bytes) -> Examination:
    """Look at a stranger's file. Reads it in a child process with limits; opens no connection; keeps nothing."""
    sha256 = sha256_hex(raw)
    credentials = _credentials(raw)
    return Examination(
        sha256=sha256,
        exact=find(sha256) or "",
        signed=_signed_subject(credentials),
        claimed=_claimed_subject(raw),
        credentials=credentials,
    )


def _credentials(raw: bytes) -> Credentials | None:
    content_type = next((kind for start, kind in SIGNATURES.items() if raw.startswith(start)), None)
    if content_type is None:
        return None
    try:
        return read(raw, content_type)
    except Unreadable:
        return None


def _signed_subject(credentials: Credentials | None) -> str:
    """Only a trusted signature, and only what the signer itself stated."""
    licence = credentials.assertions.get(LICENCE) if credentials and credentials.is_trusted else None
    return f"{DELIVERABLE}{licence.data['deliverable']}" if licence and licence.created else ""


def _claimed_subject(raw: bytes) -> str:
    try:
        packets = [xmp.read(packet) for packet in jpeg.xmp_packets(raw)]
    except (jpeg.Malformed, xmp.NotReadable):
        return ""
    guid = packets[0].get("Iptc4xmpExt:DigImageGUID", "") if packets else ""
    return f"{DELIVERABLE}{guid.removeprefix(GUID)}" if isinstance(guid, str) and guid.startswith(GUID) else ""
