"""The arithmetic of the chain, without a database: what an event's record and hash are."""

import hashlib
from dataclasses import dataclass

from apps.common.canonical import canonical_json, sha256_hex

GENESIS = "00" * 32
ERASED = "audit.erased"  # the kind of a receipt for deleted payloads


@dataclass(frozen=True)
class Record:
    """One event as it is hashed. `ts` is UTC ISO 8601 with microseconds, so text order is time order."""

    seq: int
    ts: str
    kind: str
    subject: str
    commit: str
    prev: str

    @property
    def text(self) -> str:
        return canonical_json(vars(self)).decode()


def leaf_hash(record_text: str) -> str:
    """RFC 6962 leaf hash, so that a signed tree head can later be laid over the same events."""
    return sha256_hex(b"\x00" + record_text.encode())


def commitment(salt: bytes, body: str) -> str:
    """Binds a payload without revealing it: without the salt a guess at the body cannot be checked."""
    return hashlib.sha256(salt + body.encode()).hexdigest()
