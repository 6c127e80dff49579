"""The folder of what jobs made: a picture or an artefact each, named after the job, kept for some hours."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any


class OutputFolder:
    """Finished files below ``data/outputs`` and unfinished ones below ``data/unfinished``."""

    def __init__(self, data: Path) -> None:
        self._finished = data / "outputs"
        self._unfinished = data / "unfinished"
        for folder in (self._finished, self._unfinished):
            folder.mkdir(parents=True, exist_ok=True)

    def path(self, job_id: str) -> Path:
        return self._finished / f"{job_id}.png"

    def artefact(self, job_id: str) -> Path:
        return self._finished / f"{job_id}.json"

    def unfinished(self, job_id: str, kind: str = "png") -> Path:
        """Where a worker writes: its process id is in the name, so that no two write one file."""
        return self._unfinished / f"{job_id}.{os.getpid()}.{kind}"

    def keep(self, job_id: str, picture: dict[str, Any]) -> dict[str, Any]:
        """Move a finished picture into place; returns the output as the contract shows it."""
        return {
            "url": f"/v1/jobs/{job_id}/outputs/0",
            **_moved(Path(picture["path"]), self.path(job_id)),
            "content_type": "image/png",
            "width": picture["width"],
            "height": picture["height"],
        }

    def keep_artefact(self, job_id: str, artefact: dict[str, Any]) -> dict[str, Any]:
        """Move a finished artefact into place; returns it as the contract shows it."""
        return {
            "url": f"/v1/jobs/{job_id}/artefacts/0",
            **_moved(Path(artefact["path"]), self.artefact(job_id)),
            "content_type": "application/json",
            **{name: artefact[name] for name in ("name", "kind", "note")},
        }


def _moved(source: Path, place: Path) -> dict[str, Any]:
    """What the contract says of the bytes. On disk before it is in place."""
    content = source.read_bytes()
    with source.open("rb+") as handle:
        os.fsync(handle.fileno())
    source.replace(place)
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def sweep(folder: Path, *, older_than_hours: float, now: float | None = None) -> int:
    """Delete the files of ``folder`` last used longer ago; returns how many went."""
    limit = (now if now is not None else time.time()) - older_than_hours * 3600
    gone = 0
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
