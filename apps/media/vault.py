"""Encryption at rest, one key per twin: destroying the key is the erasure of everything it ever encrypted.

AES-256-GCM with the twin and the object's id as associated data, so that a ciphertext moved to another object or twin
does not open. The twin's key rests wrapped by `settings.MASTER_KEY`, which stands outside the database.
"""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.common.errors import Refused
from apps.common.sealing import KEY_BYTES, Damaged, master_key, seal, unseal
from apps.media.models import TwinKey

__all__ = ["Damaged", "KeyDestroyed", "Pieces", "decrypt", "decrypt_many", "destroy", "encrypt", "is_destroyed"]


class KeyDestroyed(Refused):
    """The twin was erased: what its key encrypted cannot be read and nothing new can be stored for it."""


def encrypt(twin_ref: str, object_id: str, data: bytes) -> bytes:
    """Encrypt for one object of one twin; makes the twin's key on first use. Raises KeyDestroyed."""
    return seal(_data_key(twin_ref, make=True), data, _bound_to(twin_ref, object_id))


def decrypt(twin_ref: str, object_id: str, sealed: bytes) -> bytes:
    """The plain bytes. Raises KeyDestroyed after erasure and Damaged for bytes of another object."""
    return unseal(_data_key(twin_ref, make=False), sealed, _bound_to(twin_ref, object_id))


def decrypt_many(items: Sequence[tuple[str, str, bytes]]) -> list[bytes | None]:
    """The plain bytes of many (twin, object id, ciphertext), in their order, with one query for all keys.

    None stands for an erased twin's. Raises Damaged for bytes of another object.
    """
    refs = {twin_ref for twin_ref, _, _ in items}
    rows = TwinKey.objects.filter(twin_ref__in=refs, destroyed_at=None).values_list("twin_ref", "wrapped")
    master = master_key()
    keys = {twin_ref: unseal(master, bytes(wrapped), twin_ref.encode()) for twin_ref, wrapped in rows}
    return [
        unseal(keys[twin_ref], sealed, _bound_to(twin_ref, object_id)) if twin_ref in keys else None
        for twin_ref, object_id, sealed in items
    ]


class Pieces:
    """Seals or opens one object of one twin piece by piece, in order, with one look at the key.

    Each piece is bound to its place and the last one to being the last, so that none can be moved, left out or cut off.
    Raises KeyDestroyed when made after the twin's erasure; `make` says whether the twin may get its key now.
    """

    def __init__(self, twin_ref: str, object_id: str, *, make: bool = False) -> None:
        self._key = _data_key(twin_ref, make=make)
        self._bound_to = _bound_to(twin_ref, object_id)
        self._number = 0

    def seal(self, data: bytes, *, last: bool) -> bytes:
        return seal(self._key, data, self._place(last))

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        """Raises Damaged for another piece than the next one."""
        return unseal(self._key, sealed, self._place(last))

    def _place(self, last: bool) -> bytes:
        self._number += 1
        return self._bound_to + f"\npiece {self._number}{' last' if last else ''}".encode()


def destroy(twin_ref: str) -> None:
    """Forget the twin's key for good, with the caller's transaction. Doing it again changes nothing.

    A twin that never had a key gets a destroyed one, so that a straggling task cannot start afresh.
    """
    TwinKey.objects.get_or_create(twin_ref=twin_ref, defaults={"wrapped": b"", "destroyed_at": timezone.now()})
    TwinKey.objects.filter(twin_ref=twin_ref, destroyed_at=None).update(wrapped=b"", destroyed_at=timezone.now())


def is_destroyed(twin_ref: str) -> bool:
    return TwinKey.objects.filter(twin_ref=twin_ref, destroyed_at__isnull=False).exists()


def _data_key(twin_ref: str, *, make: bool) -> bytes:
    row = TwinKey.objects.filter(twin_ref=twin_ref).first()
    if row is None and make:
        row = _make_key(twin_ref)
    if row is None or row.destroyed_at:
        raise KeyDestroyed("This twin's data was erased and cannot be read any more.")
    return unseal(master_key(), bytes(row.wrapped), twin_ref.encode())


def _make_key(twin_ref: str) -> TwinKey:
    """A new key, or the one that another process made at the same moment."""
    wrapped = seal(master_key(), secrets.token_bytes(KEY_BYTES), twin_ref.encode())
    try:
        with transaction.atomic():
            return TwinKey.objects.create(twin_ref=twin_ref, wrapped=wrapped)
    except IntegrityError:
        return TwinKey.objects.get(twin_ref=twin_ref)


def _bound_to(twin_ref: str, object_id: str) -> bytes:
    return f"{twin_ref}\n{object_id}".encode()
