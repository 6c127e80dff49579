from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "conversations-tell": {"task": "apps.conversations.tasks.tell", "schedule": 60.0},
    "conversations-sweep": {"task": "apps.conversations.tasks.sweep", "schedule": 60.0},
}
