"""The job store: one SQLite file that outlives a killed service.

Every write is one transaction under one lock. ``synchronous=FULL`` so that an accepted job is on
disk before the caller hears of it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gpu_service.errors import RequestRefused
from gpu_service.schema import bring_up
from gpu_service.views import iso, view
from gpu_service.vouchers import Voucher, refused

ATTEMPTS = 4  # a job that takes its worker down this often is not tried again


class JobStore:
    """Jobs, idempotency keys and unsent notices. Safe to call from several threads."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        bring_up(self._db)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def submit(
        self,
        *,
        key: str,
        request: dict[str, Any],
        request_sha256: str,
        permission: Callable[[], Voucher | None],
        queue_limit: int,
    ) -> tuple[dict[str, Any], bool]:
        """Accept a job once per key. Returns the view and whether it is a replay.

        Enters as queued. Raises RequestRefused: 409 for a key with another body, 403 from
        ``permission`` or for a used-up voucher, 429 for a full queue.
        """
        now = self._clock()
        with self.transaction() as db:
            known = db.execute("SELECT * FROM jobs WHERE idempotency_key=?", (key,)).fetchone()
            if known is not None:
                if known["request_sha256"] != request_sha256:
                    raise RequestRefused(409, "idempotency_key_reused", "this key came with another body before")
                return view(known), True
            voucher = permission()
            if voucher is not None:
                self._take_candidate(db, voucher)
            if self._waiting(db) >= queue_limit:
                raise RequestRefused(429, "capacity", "the queue is full", {"Retry-After": "10"})
            job_id = str(uuid.uuid4())
            db.execute(
                "INSERT INTO jobs (id, kind, client_ref, idempotency_key, request_sha256, webhook_url, input,"
                " voucher_id, status, created_at, updated_at) VALUES (?,?,?,?,?,?,?,?,'queued',?,?)",
                (
                    job_id,
                    request["kind"],
                    request["client_ref"],
                    key,
                    request_sha256,
                    request.get("webhook_url"),
                    json.dumps(request["input"]),
                    voucher.id if voucher else None,
                    now,
                    now,
                ),
            )
            return view(self._row(db, job_id)), False

    @staticmethod
    def _take_candidate(db: sqlite3.Connection, voucher: Voucher) -> None:
        """A job that failed or was cancelled gives its candidate back."""
        used = db.execute(
            "SELECT count(*) FROM jobs WHERE voucher_id=? AND status NOT IN ('failed','canceled')", (voucher.id,)
        ).fetchone()[0]
        if used >= voucher.candidates:
            raise refused("the candidates of this voucher are used up")

    @staticmethod
    def _waiting(db: sqlite3.Connection) -> int:
        return int(db.execute("SELECT count(*) FROM jobs WHERE status='queued'").fetchone()[0])

    @staticmethod
    def _row(db: sqlite3.Connection, job_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = db.execute("SELECT * FROM jobs WHERE id=?", (job_id,)).fetchone()
        if row is None:
            raise RequestRefused(404, "not_found", "no such job")
        return row

    def get(self, job_id: str) -> dict[str, Any]:
        """The view of a job; raises RequestRefused (404)."""
        with self._lock:
            return view(self._row(self._db, job_id))

    def find(self, client_ref: str) -> list[dict[str, Any]]:
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM jobs WHERE client_ref=? ORDER BY number DESC LIMIT 100", (client_ref,)
            )
            return [view(row) for row in rows]

    def counts(self) -> dict[str, int]:
        with self._lock:
            rows = self._db.execute(
                "SELECT status, count(*) FROM jobs WHERE status IN ('queued','running') GROUP BY status"
            )
            found = dict(tuple(row) for row in rows)
        return {"queued": found.get("queued", 0), "running": found.get("running", 0)}

    def request_cancel(self, job_id: str) -> dict[str, Any]:
        """Queued ends as cancelled now; running is asked to stop; ended stays as it is."""
        with self.transaction() as db:
            job = self._row(db, job_id)
            if job["status"] == "queued":
                self._end(db, job_id, "canceled")
            elif job["status"] == "running":
                db.execute("UPDATE jobs SET cancel_requested=1, updated_at=? WHERE id=?", (self._clock(), job_id))
            return view(self._row(db, job_id))

    def claim(self) -> dict[str, Any] | None:
        """Oldest queued job → running, or None. A job that came here too often fails instead."""
        with self.transaction() as db:
            job = db.execute("SELECT * FROM jobs WHERE status='queued' ORDER BY number LIMIT 1").fetchone()
            if job is None:
                return None
            if job["attempts"] >= ATTEMPTS:
                error = {"code": "provider", "message": "the worker stopped during every attempt", "retryable": True}
                self._end(db, job["id"], "failed", error=error)
                return None
            now = self._clock()
            db.execute(
                "UPDATE jobs SET status='running', attempts=attempts+1, started_at=?, updated_at=?, queue_seconds=?"
                " WHERE id=?",
                (now, now, round(now - job["created_at"], 3), job["id"]),
            )
            if job["attempts"] == 0:
                self._notify(db, job["id"])
            return {"id": job["id"], "kind": job["kind"], "input": json.loads(job["input"])}

    def progress(self, job_id: str, value: float) -> bool:
        """Store how far a running job is; says whether its cancellation was asked for."""
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET progress=max(progress, ?), updated_at=? WHERE id=? AND status='running'",
                (value, self._clock(), job_id),
            )
            return bool(self._row(db, job_id)["cancel_requested"])

    def finish(
        self,
        job_id: str,
        status: str,
        *,
        error: dict[str, Any] | None = None,
        result: dict[str, Any] | None = None,
        outputs: list[dict[str, Any]] | None = None,
        artefacts: list[dict[str, Any]] | None = None,
        gpu_seconds: float | None = None,
    ) -> None:
        """Running → one of the ends. An ended job is never changed again."""
        with self.transaction() as db:
            if self._row(db, job_id)["status"] == "running":
                self._end(
                    db,
                    job_id,
                    status,
                    error=error,
                    result=result,
                    outputs=outputs,
                    artefacts=artefacts,
                    gpu_seconds=gpu_seconds,
                )

    def _end(
        self,
        db: sqlite3.Connection,
        job_id: str,
        status: str,
        *,
        error: dict[str, Any] | None = None,
        result: dict[str, Any] | None = None,
        outputs: list[dict[str, Any]] | None = None,
        artefacts: list[dict[str, Any]] | None = None,
        gpu_seconds: float | None = None,
    ) -> None:
        db.execute(
            "UPDATE jobs SET status=?, progress=CASE WHEN ?='succeeded' THEN 1 ELSE progress END, error=?, result=?,"
            " outputs=?, artefacts=?, gpu_seconds=?, updated_at=? WHERE id=?",
            (
                status,
                status,
                json.dumps(error) if error else None,
                json.dumps(result) if result else None,
                json.dumps(outputs or []),
                json.dumps(artefacts or []),
                gpu_seconds,
                self._clock(),
                job_id,
            ),
        )
        self._notify(db, job_id)

    def requeue(self, job_id: str | None = None) -> int:
        """Running → queued: every job after a crash, or the one whose worker went away."""
        with self.transaction() as db:
            where, values = ("AND id=?", (job_id,)) if job_id else ("", ())
            return db.execute(
                f"UPDATE jobs SET status='queued', updated_at=? WHERE status='running' {where}",  # noqa: S608
                (self._clock(), *values),
            ).rowcount

    def _notify(self, db: sqlite3.Connection, job_id: str) -> None:
        """Put a notice of the present state in the outbox, in the same transaction as the change."""
        job = self._row(db, job_id)
        if not job["webhook_url"]:
            return
        body = json.dumps({"type": f"job.{job['status']}", "timestamp": iso(self._clock()), "data": view(job)})
        db.execute(
            "INSERT OR IGNORE INTO notices (id, url, body, next_at) VALUES (?,?,?,?)",
            (f"msg_{job_id}_{job['status']}", job["webhook_url"], body, self._clock()),
        )
