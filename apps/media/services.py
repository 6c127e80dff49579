"""Keeping files: store, read, delete. What a file shows and who may see it is the business of the apps above."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import IO

from django.db import transaction
from django.utils import timezone
from PIL import Image

from apps.common.canonical import sha256_hex
from apps.media import contents, large, storage, tasks, vault
from apps.media.models import StoredFile

WASH = (4, 5)  # pixels
PIECE = 1024 * 1024
MEASURED = ("image/jpeg", "image/png", "image/webp")


@transaction.atomic
def store(*, data: bytes, kind: str, owner: str, content_type: str, twin_ref: str = "") -> StoredFile:
    """Keep the bytes privately; with `twin_ref` encrypted by that twin's key. Pictures get renditions in a task.

    The bytes are taken as they are: what a person uploads goes through `uploads.sanitise` first.
    Raises vault.KeyDestroyed for an erased twin.
    """
    width, height, wash = _measure(data, content_type)
    file = StoredFile(
        kind=kind,
        owner=owner,
        sha256=sha256_hex(data),
        size=len(data),
        content_type=content_type,
        width=width,
        height=height,
        wash=wash,
        encrypted=bool(twin_ref),
        twin_ref=twin_ref,
    )
    name = f"{kind}/{file.id.hex[:2]}/{file.id.hex}"
    file.storage_name = contents.keep(data, name=name, twin_ref=twin_ref, object_id=str(file.id))
    file.save(force_insert=True)
    if file.is_picture:
        transaction.on_commit(lambda: tasks.make_renditions.delay(str(file.id)))
    return file


def store_stream(*, handle: IO[bytes], kind: str, owner: str, content_type: str) -> StoredFile:
    """Keep what an open file holds from where it stands, a piece at a time, unencrypted; in the caller's transaction.

    For what is no person's likeness alone and may be handed out by the storage itself.
    """
    start, digest, size = handle.tell(), sha256(), 0
    while piece := handle.read(PIECE):
        digest.update(piece)
        size += len(piece)
    handle.seek(start)
    file = StoredFile(
        kind=kind, owner=owner, content_type=content_type, sha256=digest.hexdigest(), size=size, encrypted=False
    )
    file.storage_name = storage.save_file(f"{kind}/{file.id.hex[:2]}/{file.id.hex}", handle)
    file.save(force_insert=True)
    return file


@contextmanager
def storing(*, kind: str, owner: str, content_type: str, twin_ref: str) -> Iterator["Incoming"]:
    """A place for bytes of any length, encrypted by the twin's key while they are written; `keep` makes them a file.

    Left without it, nothing stays. Raises vault.KeyDestroyed for an erased twin.
    """
    file = StoredFile(
        kind=kind, owner=owner, content_type=content_type, encrypted=True, in_pieces=True, twin_ref=twin_ref
    )
    sealing = large.Sealing(vault.Pieces(twin_ref, str(file.id), make=True))
    try:
        yield Incoming(file, sealing)
    finally:
        sealing.close()


class Incoming:
    """What `storing` gives: to be written to, then kept."""

    def __init__(self, file: StoredFile, sealing: large.Sealing) -> None:
        self._file, self._sealing = file, sealing
        self.write, self.flush = sealing.write, sealing.flush

    @property
    def size(self) -> int:
        return self._sealing.size

    def keep(self) -> StoredFile:
        """In the caller's transaction; once, after the last write."""
        file = self._file
        file.sha256, file.size = self._sealing.sha256, self._sealing.size
        name = f"{file.kind}/{file.id.hex[:2]}/{file.id.hex}"
        file.storage_name = storage.save_file(name, self._sealing.finish())
        file.save(force_insert=True)
        return file


def read(file: StoredFile) -> bytes:
    """The plain bytes. Raises contents.Gone after deletion, vault.KeyDestroyed after the twin's erasure."""
    return contents.original(file)


@transaction.atomic
def delete(file: StoredFile) -> None:
    """From the commit on nobody gets the file; a task then removes its bytes and those of its renditions.

    The row stays with both times as the receipt of the deletion. Deleting twice changes nothing.
    """
    if StoredFile.objects.filter(pk=file.pk, deleted_at=None).update(deleted_at=timezone.now()):
        transaction.on_commit(lambda: tasks.wipe.delay(str(file.pk)))
    file.refresh_from_db(fields=["deleted_at", "wiped_at"])


@transaction.atomic
def delete_all_of(twin_ref: str) -> int:
    """Every file that this twin's key encrypts, whatever it is, as `delete` does with one. Answers how many."""
    there = StoredFile.objects.filter(twin_ref=twin_ref, deleted_at=None)
    gone = there.update(deleted_at=timezone.now())
    transaction.on_commit(lambda: tasks.wipe_all_of.delay(twin_ref))
    return gone


def read_pieces(file: StoredFile) -> Iterator[bytes]:
    """The plain bytes, never more than a piece of a large file at a time. Raises at once what `read` raises."""
    return contents.pieces(file)


def _measure(data: bytes, content_type: str) -> tuple[int | None, int | None, str]:
    """Width, height and colours of a picture.

    The colours rest in the clear also where the picture is encrypted: twenty of them tell nobody from anybody.
    """
    if content_type not in MEASURED:
        return None, None, ""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        picture.draft("RGB", (width // 8, height // 8))
        small = picture.convert("RGB").resize(WASH, Image.Resampling.BOX)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=40, method=6)
    return width, height, base64.b64encode(out.getvalue()).decode()
