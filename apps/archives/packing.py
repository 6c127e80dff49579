"""Writing an archive: files in, one pass, the manifest last. Holds one piece of one file at a time."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from apps.archives.parts import Part
from apps.archives.readme import readme
from apps.media.contents import Gone
from apps.media.models import StoredFile

FORMAT = "double-archive/1"
MANIFEST = "manifest.json"
COMPRESSED = (".json", ".txt")
WHAT = (
    "Everything that this digital twin was made of and what was made with it. Every other file of the archive stands in"
    " `files` with its SHA-256, its size and the rows that it comes from."
)
NO_WEIGHTS = (
    "No weights are in this archive: the engines of these versions handed none over. One that composes photographs and"
    " trains nothing has none, and says so in its own words at each version."
)
NOTHING_HANDED = "The engine handed nothing over for this version."


class Out(Protocol):
    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


def pack(
    parts: Iterable[Part], *, out: Out, about: dict[str, Any], versions: Iterable[dict[str, Any]], language: str,
    tick: Callable[[], None],
) -> None:  # fmt: skip
    """Write the whole ZIP to `out`, which need not be able to go back. `tick` is called after each file.

    A file that was deleted since the list was made stands under `missing` instead, with its receipt.
    """
    now = datetime.now(UTC)
    files: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    with ZipFile(out, "w") as archive:  # type: ignore[call-overload]
        for part in parts:
            try:
                content = part.read()
            except Gone:
                missing.append(_without(part, "deleted"))
            except FileNotFoundError:  # a loss of ours: she learns of it and gets the rest
                missing.append(_without(part, "lost by the storage"))
            else:
                files.append(_add(archive, part, content, now))
            tick()
        words = readme(about, day=now.date(), language=language).encode()
        files.append(_add(archive, Part("README.txt", "readme", {}, lambda: iter([words])), iter([words]), now))
        manifest = {
            "format": FORMAT,
            "what": WHAT,
            "made_at": now.isoformat(timespec="seconds"),
            **about,
            "weights": _of_weights(files),
            "versions": _with_artefacts(versions, files),
            "files": files,
            "missing": missing,
        }
        _write(archive, MANIFEST, iter([json.dumps(manifest, ensure_ascii=False, indent=1).encode()]), now)


def _without(part: Part, why: str) -> dict[str, Any]:
    """What is said of a file whose bytes are gone: its receipt."""
    gone = {"path": part.path, "what": part.what, "origin": part.origin, "why": why}
    file = StoredFile.objects.filter(pk=part.file).first() if part.file else None
    if file is None:
        return gone
    return gone | {
        "sha256": file.sha256,
        "deleted_at": file.deleted_at and file.deleted_at.isoformat(),
        "bytes_gone_at": file.wiped_at and file.wiped_at.isoformat(),
    }


def _of_weights(files: list[dict[str, Any]]) -> str:
    there = sum(file["what"] == "weights" for file in files)
    return f"{there} files of weights." if there else NO_WEIGHTS


def _with_artefacts(versions: Iterable[dict[str, Any]], files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each version with what its engine handed over, in words that promise nothing that is not there."""
    made = [file for file in files if file["what"] in ("weights", "measurements")]
    rows = []
    for version in versions:
        own = [file for file in made if file["origin"]["version"] == version["version"]]
        told = [{"path": file["path"], "kind": file["what"], "note": file["note"]} for file in own]
        rows.append(version | {"handed_over": told or NOTHING_HANDED})
    return rows


def _add(archive: ZipFile, part: Part, content: Iterator[bytes], now: datetime) -> dict[str, Any]:
    digest, size = _write(archive, part.path, content, now)
    entry: dict[str, Any] = {
        "path": part.path, "what": part.what, "sha256": digest, "size": size, "origin": part.origin
    }  # fmt: skip
    return entry | ({"note": part.note} if part.note else {})


def _write(archive: ZipFile, path: str, content: Iterator[bytes], now: datetime) -> tuple[str, int]:
    info = ZipInfo(path, date_time=now.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED if path.endswith(COMPRESSED) else ZIP_STORED
    info.external_attr = 0o600 << 16
    digest, size = sha256(), 0
    with archive.open(info, "w", force_zip64=True) as entry:
        for piece in content:
            digest.update(piece)
            size += len(piece)
            entry.write(piece)
    return digest.hexdigest(), size
