"""Files too large for memory: sealed piece by piece, opened piece by piece, never in the clear on a disk of ours."""

import secrets
import tracemalloc
from hashlib import sha256

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.test import Client

from apps.common.sealing import OVERHEAD
from apps.media import storage, vault
from apps.media.contents import Gone
from apps.media.large import PIECE
from apps.media.models import StoredFile
from apps.media.services import delete, delete_all_of, read, read_pieces, store, storing
from apps.media.signing import signed_url

ADA = "talent:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
ADAS_TWIN = "twin:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
BOS_TWIN = "twin:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a002"

pytestmark = pytest.mark.django_db


def large(data: bytes, *, step: int = 300_000, twin: str = ADAS_TWIN) -> StoredFile:
    with storing(kind="archive", owner=ADA, content_type="application/zip", twin_ref=twin) as incoming:
        for start in range(0, len(data), step):
            incoming.write(data[start : start + step])
        return incoming.keep()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_written_is_read_back_whatever_its_length(size: int) -> None:
    data = secrets.token_bytes(size)
    file = large(data)
    assert (file.size, file.sha256, file.encrypted) == (size, sha256(data).hexdigest(), True)
    assert read(file) == b"".join(read_pieces(file)) == data
    assert data == b"" or data[:64] not in storage.read_bytes(file.storage_name)


def replaced(file: StoredFile, sealed: bytes) -> StoredFile:
    default_storage.delete(file.storage_name)
    assert storage.save_bytes(file.storage_name, sealed) == file.storage_name
    return file


SEALED = PIECE + OVERHEAD
SPOILT = {
    "its last piece cut off": lambda s: s[: 2 * SEALED],
    "everything cut off": lambda s: b"",
    "two pieces exchanged": lambda s: s[SEALED : 2 * SEALED] + s[:SEALED] + s[2 * SEALED :],
    "its first piece left out": lambda s: s[SEALED:],
    "one bit changed": lambda s: s[:SEALED] + bytes([s[SEALED] ^ 1]) + s[SEALED + 1 :],
    "a tail": lambda s: s + b"x",
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_file_that_was_changed_does_not_open(what: str) -> None:
    file = large(secrets.token_bytes(2 * PIECE + 10))
    replaced(file, SPOILT[what](storage.read_bytes(file.storage_name)))
    with pytest.raises(vault.Damaged):
        read(file)


def test_the_pieces_of_one_file_do_not_open_as_another_ones() -> None:
    ada, bo, again = large(b"a" * 10), large(b"b" * 10, twin=BOS_TWIN), large(b"c" * 10)
    for other in (bo, again):
        replaced(other, storage.read_bytes(ada.storage_name))
        with pytest.raises(vault.Damaged):
            read(other)


def test_memory_stays_small_however_long_the_file_is() -> None:
    """64 MB in and out; a quarter of that would show that the whole was held."""
    block = secrets.token_bytes(PIECE)
    tracemalloc.start()
    try:
        with storing(kind="archive", owner=ADA, content_type="application/zip", twin_ref=ADAS_TWIN) as incoming:
            for _ in range(64):
                incoming.write(block)
            file = incoming.keep()
        assert sum(len(piece) for piece in read_pieces(file)) == 64 * PIECE
        assert tracemalloc.get_traced_memory()[1] < 16 * PIECE
    finally:
        tracemalloc.stop()


def test_what_is_not_kept_leaves_nothing() -> None:
    with storing(kind="archive", owner=ADA, content_type="application/zip", twin_ref=ADAS_TWIN) as incoming:
        incoming.write(b"half of it")
    assert not StoredFile.objects.exists()


def test_it_is_served_in_pieces_to_whoever_holds_the_address(client: Client) -> None:
    data = secrets.token_bytes(PIECE + 5)
    file = large(data)
    answer = client.get(signed_url(file, seconds=60, download_as="my-twin.zip"))
    assert answer.streaming and answer["Content-Length"] == str(len(data))
    assert answer["Content-Disposition"] == 'attachment; filename="my-twin.zip"'
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content) == data
    delete(file)
    assert client.get(signed_url(file, seconds=60)).status_code == 404


def test_gdpr_erasure_every_file_of_a_twin_goes_at_once_and_nobody_elses(
    django_capture_on_commit_callbacks: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, small, other = large(b"archive"), store(
        data=b"x", kind="artefact", owner=ADA, content_type="text/plain", twin_ref=ADAS_TWIN
    ), large(b"bo", twin=BOS_TWIN)  # fmt: skip
    asked: list[str] = []
    monkeypatch.setattr("apps.media.tasks.wipe_all_of.delay", asked.append)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert delete_all_of(ADAS_TWIN) == 2
    assert asked == [ADAS_TWIN]
    from apps.media.tasks import wipe_all_of

    wipe_all_of(ADAS_TWIN)
    for file in (mine, small):
        file.refresh_from_db()
        assert file.wiped_at and not default_storage.exists(file.storage_name)
        with pytest.raises(Gone):
            read_pieces(file)
    assert read(other) == b"bo"


def test_after_erasure_nothing_is_begun() -> None:
    vault.destroy(ADAS_TWIN)
    with pytest.raises(vault.KeyDestroyed):
        large(b"late")


def test_the_database_keeps_no_large_file_in_the_clear() -> None:
    with pytest.raises(IntegrityError):
        StoredFile.objects.create(
            kind="x", owner=ADA, sha256="0" * 64, size=1, content_type="x", storage_name="x", in_pieces=True
        )
