from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "identity-forget": {"task": "apps.identity.tasks.forget_documents", "schedule": 300.0}
}
