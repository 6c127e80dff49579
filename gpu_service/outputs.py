"""The folder of finished pictures: one per job, named after the job, kept for some hours."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any


class OutputFolder:
    """Pictures below ``data/outputs`` and unfinished ones below ``data/unfinished``."""

    def __init__(self, data: Path) -> None:
        self._finished = data / "outputs"
        self._unfinished = data / "unfinished"
        for folder in (self._finished, self._unfinished):
            folder.mkdir(parents=True, exist_ok=True)

    def path(self, job_id: str) -> Path:
        return self._finished / f"{job_id}.png"

    def unfinished(self, job_id: str) -> Path:
        """Where a worker writes: its process id is in the name, so that no two write one file."""
        return self._unfinished / f"{job_id}.{os.getpid()}.png"

    def keep(self, job_id: str, picture: dict[str, Any]) -> dict[str, Any]:
        """Move a finished picture into place; returns the output as the contract shows it."""
        source = Path(picture["path"])
        content = source.read_bytes()
        with source.open("rb+") as handle:
            os.fsync(handle.fileno())
        source.replace(self.path(job_id))
        return {
            "url": f"/v1/jobs/{job_id}/outputs/0",
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_type": "image/png",
            "bytes": len(content),
            "width": picture["width"],
            "height": picture["height"],
        }


def sweep(folder: Path, *, older_than_hours: float, now: float | None = None) -> int:
    """Delete the files of ``folder`` last used longer ago; returns how many went."""
    limit = (now if now is not None else time.time()) - older_than_hours * 3600
    gone = 0
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
