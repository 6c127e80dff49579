"""Encryption at rest: AES-256-GCM, bound to what the bytes belong to, under a key outside the database."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
KEY_BYTES = 32
OVERHEAD = NONCE_BYTES + 16  # what a sealed text is longer than the plain one


class Damaged(Exception):
    """The bytes are not what was encrypted for this object: a fault or tampering, for staff to look into."""


def master_key() -> bytes:
    """`settings.MASTER_KEY`. Raises ImproperlyConfigured without one."""
    key = base64.urlsafe_b64decode(settings.MASTER_KEY or "")
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured("MASTER_KEY must be 32 bytes in base64url")
    return key


def seal(key: bytes, data: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Raises Damaged for bytes of another object, another key, or changed ones."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise Damaged("not the bytes that were encrypted for this object") from error
