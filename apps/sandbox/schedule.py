from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sandbox-webhooks": {"task": "apps.sandbox.tasks.sweep_webhooks", "schedule": 5.0},
}
