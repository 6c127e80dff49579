"""Vouchers: the portal's signed permission to make candidates of one twin for a booking or a test sheet.

A voucher is ``base64url(payload) + "." + base64url(Ed25519 signature over the payload bytes)``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gpu_service.errors import RequestRefused


@dataclass(frozen=True)
class Voucher:
    """What a verified voucher allows: ``candidates`` jobs of ``twin`` until ``ends``."""

    id: str
    subject: str
    twin: str
    candidates: int
    ends: datetime


def refused(message: str) -> RequestRefused:
    return RequestRefused(403, "voucher_invalid", message)


def verify(token: str | None, *, keys: Sequence[bytes], twin_ref: str, purpose: str, now: datetime) -> Voucher:
    """Check signature, purpose, twin and end; raises RequestRefused (403) when any does not hold."""
    if not token:
        raise refused("this service makes nothing without a voucher")
    head, _, tail = token.partition(".")
    try:
        payload, signature = _decoded(head), _decoded(tail)
    except ValueError as error:
        raise refused("the voucher is not readable") from error
    if not any(_signed_by(key, payload, signature) for key in keys):
        raise refused("no known key signed this voucher")
    voucher = _read(payload, purpose)
    if voucher.twin != twin_ref:
        raise refused("the voucher is for another twin")
    if voucher.ends <= now:
        raise refused("the voucher has ended")
    return voucher


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _signed_by(key: bytes, payload: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, payload)
    except InvalidSignature:
        return False
    return True


def _read(payload: bytes, purpose: str) -> Voucher:
    try:
        fields = json.loads(payload)
        ends = datetime.fromisoformat(fields["ends"])
        voucher = Voucher(
            id=str(fields["id"]),
            subject=str(fields["subject"]),
            twin=str(fields["twin"]),
            candidates=int(fields["candidates"]),
            ends=ends,
        )
        purposes = fields["purposes"]
    except (ValueError, KeyError, TypeError) as error:
        raise refused("the voucher lacks a field") from error
    if ends.tzinfo is None:
        raise refused("the end of the voucher has no time zone")
    if purpose not in purposes:
        raise refused(f"the voucher does not allow pictures to be made for the purpose {purpose}")
    return voucher
