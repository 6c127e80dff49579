"""The files of an archive, one after another: what each is, what it comes from, and how to get its bytes.

Bytes are fetched only when a file's turn comes, so that no more than one photograph is in memory at a time.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.archives import lists
from apps.common.refs import ref
from apps.conversations.models import Attachment, Thread
from apps.generation.models import Candidate
from apps.media.models import StoredFile
from apps.media.services import read_pieces
from apps.signatures.models import Certificate
from apps.talent.models import Boundaries
from apps.twins import vectors
from apps.twins.models import CaptureSet, Photograph, Twin, TwinVersion, VersionArtefact

SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "application/json": "json",
}


@dataclass(frozen=True)
class Part:
    """One file. `what` is a stable word, `origin` names the rows that it comes from, `file` where it is kept;
    `note` says what is not obvious."""

    path: str
    what: str
    origin: dict[str, str]
    read: Callable[[], Iterator[bytes]]
    note: str = ""
    file: UUID | None = None


def parts_of(twin: Twin) -> list[Part]:
    """All of them, in the order in which they are packed. Nothing of it is read yet."""
    return [
        *_photographs(twin),
        *_face_vectors(twin),
        *_versions(twin),
        *_artefacts(twin),
        *_test_pictures(twin),
        *_certificates(twin),
        *_about_her(twin),
        *_attachments(twin),
        *_lists(twin),
    ]


def _photographs(twin: Twin) -> Iterator[Part]:
    rows = Photograph.objects.filter(capture_set__twin=twin).select_related("file", "capture_set")
    for one in rows.order_by("capture_set__created_at", "created_at"):
        yield Part(
            path=f"photographs/{_folder(one.capture_set)}/{one.name}.{_suffix(one.file)}",
            what="photograph",
            origin=_of_set(one.capture_set) | {"photograph": ref("photograph", one.pk)},
            read=_bytes_of(one.file),
            file=one.file_id,
        )


def _face_vectors(twin: Twin) -> Iterator[Part]:
    for capture_set in twin.capture_sets.order_by("created_at"):
        yield Part(
            path=f"face-vectors/{_folder(capture_set)}.json",
            what="face_vectors",
            origin=_of_set(capture_set),
            read=_vectors_of(capture_set),
            note="128 numbers of each face (SFace), length one: what tells it from other faces. Biometric data.",
        )


def _versions(twin: Twin) -> Iterator[Part]:
    for version in twin.versions.select_related("approval").order_by("number"):
        yield Part(
            path=f"versions/{version.number}/version.json",
            what="version",
            origin=_of_version(version),
            read=_json(lists.version_facts(version)),
        )


def _artefacts(twin: Twin) -> Iterator[Part]:
    rows = VersionArtefact.objects.filter(version__twin=twin).select_related("file", "version")
    for one in rows.order_by("version__number", "name"):
        yield Part(
            path=f"versions/{one.version.number}/{one.kind}/{one.name}",
            what=one.kind,
            origin=_of_version(one.version) | {"artefact": ref("artefact", one.pk)},
            read=_bytes_of(one.file),
            file=one.file_id,
            note=one.note,
        )


def _test_pictures(twin: Twin) -> Iterator[Part]:
    sheets = Candidate.objects.filter(job__kind="test", job__version__twin=twin).shown()
    for one in sheets.select_related("file", "job__version").order_by("job__version__number", "created_at"):
        scene = one.job.spec.get("scene", "picture")
        yield Part(
            path=f"versions/{one.job.version.number}/test-sheet/{scene}-{one.pk.hex[:6]}.{_suffix(one.file)}",
            what="test_picture",
            origin=_of_version(one.job.version) | {"candidate": one.ref},
            read=_bytes_of(one.file),
            file=one.file_id,
        )


def _certificates(twin: Twin) -> Iterator[Part]:
    rows = Certificate.objects.filter(signature__party=twin.talent.party).select_related("file", "signature")
    for one in rows.order_by("signature__signed_at"):
        signature = one.signature
        day, kind = f"{signature.signed_at:%Y-%m-%d}", signature.kind.replace("_", "-")
        yield Part(
            path=f"certificates/{day}-{kind}-{signature.pk.hex[:6]}.pdf",
            what="certificate",
            origin={"signature": ref("signature", signature.pk)},
            read=_bytes_of(one.file),
            file=one.file_id,
        )


def _about_her(twin: Twin) -> Iterator[Part]:
    talent = twin.talent
    origin = {"talent": talent.party}
    yield Part("profile.json", "profile", origin, _json(lists.profile_facts(talent)))
    rules = Boundaries.objects.filter(talent=talent).first()
    if rules:
        yield Part("boundaries.json", "boundaries", origin, _json(lists.boundary_facts(rules)))


def _attachments(twin: Twin) -> Iterator[Part]:
    """What hangs on the messages that she reads; their names as they were given stand in the list of the messages."""
    rows = Attachment.objects.filter(
        message__thread__in=Thread.objects.of_model(twin.talent_id), message__deleted_at=None, file__isnull=False
    )
    for one in rows.select_related("file", "message__thread__booking").order_by("created_at"):
        if one.file is None:
            continue
        booking = one.message.thread.booking
        yield Part(
            path=f"messages/{booking.code}/{one.message.number}-{one.pk.hex[:6]}.{_suffix(one.file)}",
            what="attachment",
            origin={"booking": booking.ref, "attachment": ref("attachment", one.pk)},
            read=_bytes_of(one.file),
            file=one.file_id,
        )


def _lists(twin: Twin) -> Iterator[Part]:
    for name, rows in (
        ("candidates", lists.candidates),
        ("deliverables", lists.deliverables),
        ("licences", lists.licences),
        ("downloads", lists.downloads),
        ("views", lists.views),
        ("messages", lists.messages),
    ):
        yield Part(f"lists/{name}.json", "list", {"twin": twin.ref}, _rows(rows, twin))


def _bytes_of(file: StoredFile) -> Callable[[], Iterator[bytes]]:
    return lambda: read_pieces(StoredFile.objects.get(pk=file.pk))  # as it is then: deleted meanwhile, it is not packed


def _vectors_of(capture_set: CaptureSet) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        found = vectors.of_set(capture_set)
        yield _encoded({str(pk): [float(number) for number in vector] for pk, vector in found.items()})

    return read


def _json(facts: dict[str, Any]) -> Callable[[], Iterator[bytes]]:
    return lambda: iter([_encoded(facts)])


def _rows(rows: Callable[[Twin], Iterator[dict[str, Any]]], twin: Twin) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        yield b"["
        for number, row in enumerate(rows(twin)):
            yield (b",\n" if number else b"\n") + _encoded(row)
        yield b"\n]\n"

    return read


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _folder(capture_set: CaptureSet) -> str:
    return f"{capture_set.taken_on:%Y-%m-%d}-{capture_set.pk.hex[:6]}"


def _suffix(file: StoredFile) -> str:
    return SUFFIXES.get(file.content_type, "bin")


def _of_set(capture_set: CaptureSet) -> dict[str, str]:
    return {"capture_set": ref("capture-set", capture_set.pk)}


def _of_version(version: TwinVersion) -> dict[str, str]:
    return {"capture_set": ref("capture-set", version.capture_set_id), "version": version.ref}
