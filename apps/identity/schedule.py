from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "identity-look": {"task": "apps.identity.tasks.look_at_open_checks", "schedule": 60.0},
    "identity-forget": {"task": "apps.identity.tasks.forget_documents", "schedule": 300.0},
}
