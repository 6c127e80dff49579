from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "signatures-certificates": {"task": "apps.signatures.tasks.sweep", "schedule": 600.0}
}
