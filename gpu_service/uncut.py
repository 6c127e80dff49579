"""Photographs that are enrolled and not yet cut out: work for a slot that has no job.

Enrolment answers after the analysis. A matte is made when a scene first needs it, or before that by
an idle slot, which takes it from here. The rows lie in the job store's file and outlive a kill.
"""

from __future__ import annotations

from collections.abc import Iterable

from gpu_service.store import JobStore

TRIES = 2  # a photograph that takes its worker down this often is left to the scene that asks for it


class UncutQueue:
    """Digests of photographs in order of arrival; each is handed to one slot at a time."""

    def __init__(self, store: JobStore) -> None:
        self._store = store

    def add(self, photographs: Iterable[str]) -> None:
        """Put photographs (SHA-256) at the end; one that waits already keeps its place."""
        with self._store.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO uncut (sha256) VALUES (?)", [(sha256,) for sha256 in photographs])

    def take(self) -> str | None:
        """The next photograph, waiting → taken; None when there is none or a job waits."""
        with self._store.transaction() as db:
            if db.execute("SELECT 1 FROM jobs WHERE status='queued' LIMIT 1").fetchone():
                return None
            row = db.execute(
                "SELECT sha256 FROM uncut WHERE taken=0 AND tries<? ORDER BY number LIMIT 1", (TRIES,)
            ).fetchone()
            if row is None:
                return None
            db.execute("UPDATE uncut SET taken=1, tries=tries+1 WHERE sha256=?", (row["sha256"],))
            return str(row["sha256"])

    def done(self, sha256: str) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM uncut WHERE sha256=?", (sha256,))

    def put_back(self, sha256: str | None = None) -> None:
        """Taken → waiting: every photograph after a crash, or the one whose worker went away."""
        with self._store.transaction() as db:
            where, values = ("AND sha256=?", (sha256,)) if sha256 else ("", ())
            db.execute(f"UPDATE uncut SET taken=0 WHERE taken=1 {where}", values)  # noqa: S608
