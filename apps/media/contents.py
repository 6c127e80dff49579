"""The plain bytes of files and renditions, wherever and however they rest."""

from collections.abc import Iterator

from apps.common.errors import Refused
from apps.media import large, storage, vault
from apps.media.models import StoredFile


class Gone(Refused):
    """The file was deleted; whoever still refers to it shows that instead."""


def keep(data: bytes, *, name: str, twin_ref: str, object_id: str) -> str:
    """Store, encrypted if a twin is named, and answer the storage name. Raises vault.KeyDestroyed."""
    return storage.save_bytes(name, vault.encrypt(twin_ref, object_id, data) if twin_ref else data)


def fetch(name: str, *, twin_ref: str, object_id: str) -> bytes:
    """What `keep` was given. Raises vault.KeyDestroyed after the twin's erasure."""
    kept = storage.read_bytes(name)
    return vault.decrypt(twin_ref, object_id, kept) if twin_ref else kept


def original(file: StoredFile) -> bytes:
    """The plain bytes of a file. Raises Gone after deletion, vault.KeyDestroyed after the twin's erasure."""
    if file.in_pieces:
        return b"".join(pieces(file))
    if file.deleted_at:
        raise Gone("This file was deleted.")
    return fetch(file.storage_name, twin_ref=file.twin_ref, object_id=str(file.id))


def pieces(file: StoredFile) -> Iterator[bytes]:
    """The plain bytes of any file, a piece at a time. Raises at once what `original` raises."""
    if not file.in_pieces:
        return iter([original(file)])
    if file.deleted_at:
        raise Gone("This file was deleted.")
    return large.opened(storage.open_file(file.storage_name), vault.Pieces(file.twin_ref, str(file.id)))
