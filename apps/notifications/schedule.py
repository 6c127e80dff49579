from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "notifications-sweep": {"task": "apps.notifications.tasks.sweep", "schedule": 300.0}
}
