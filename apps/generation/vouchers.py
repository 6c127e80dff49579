"""Signing and reading voucher tokens (Ed25519). The GPU service checks them with the public key alone.

A token is base64url(canonical JSON payload) + "." + base64url(signature over the payload's bytes).
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from apps.common.canonical import canonical_json, sha256_hex
from apps.generation.models import Voucher

FORMAT = 2


class BadVoucher(Exception):
    """The token is not one of ours, or not one of this voucher."""


@dataclass(frozen=True)
class Payload:
    """What a token says. `candidates` is how many pictures the GPU service may deliver on it."""

    data: dict[str, Any]

    @classmethod
    def of(cls, voucher: Voucher, *, candidates: int) -> "Payload":
        return cls(
            {
                "v": FORMAT,
                "id": str(voucher.pk),
                "subject": voucher.subject,
                "twin": voucher.twin.ref,
                "purposes": [voucher.purpose],
                "pictures": voucher.pictures,
                "candidates": candidates,
                "scope_sha256": sha256_hex(canonical_json(voucher.scope)),
                "ends": voucher.ends.isoformat(),
            }
        )


def signed(voucher: Voucher, *, candidates: int) -> str:
    payload = canonical_json(Payload.of(voucher, candidates=candidates).data)
    return f"{_text(payload)}.{_text(_key().sign(payload))}"


def travelling(voucher: Voucher) -> str:
    """The token that goes with a job. The service counts every picture it delivered, also those that a check stopped
    here and that the voucher got back; so it is allowed as many more."""
    return signed(voucher, candidates=voucher.candidates + voucher.stopped)


def verify(voucher: Voucher) -> None:
    """Raises BadVoucher unless its token was signed by us for exactly what the row says now."""
    head, _, tail = voucher.token.partition(".")
    try:
        payload, signature = _bytes(head), _bytes(tail)
        _key().public_key().verify(signature, payload)
        data = json.loads(payload)
    except (ValueError, InvalidSignature) as error:
        raise BadVoucher("the voucher was not signed by us") from error
    if data != Payload.of(voucher, candidates=voucher.candidates).data:
        raise BadVoucher("the voucher was changed after it was signed")


def public_key() -> str:
    """The public key as the GPU service wants it: 32 raw bytes, base64url."""
    public: Ed25519PublicKey = _key().public_key()
    return _text(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_bytes(settings.VOUCHER_SIGNING_KEY))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
