"""How a stored job is shown by the contract."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any


def iso(seconds: float) -> str:
    """Seconds since the epoch as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def view(job: sqlite3.Row) -> dict[str, Any]:
    """The job as the contract shows it."""
    return {
        "id": job["id"],
        "kind": job["kind"],
        "client_ref": job["client_ref"],
        "status": job["status"],
        "progress": job["progress"],
        "error": json.loads(job["error"]) if job["error"] else None,
        "outputs": json.loads(job["outputs"]),
        "artefacts": json.loads(job["artefacts"]),
        "result": json.loads(job["result"]) if job["result"] else None,
        "metrics": {
            "gpu_seconds": job["gpu_seconds"],
            "queue_seconds": job["queue_seconds"],
            "energy_wh": None,
            "cost": {"amount_minor": 0, "currency": "EUR"},
        },
        "created_at": iso(job["created_at"]),
        "updated_at": iso(job["updated_at"]),
    }
