from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "media-sweep": {"task": "apps.media.tasks.sweep", "schedule": 600.0},
    "media-drop-forgotten": {"task": "apps.media.tasks.drop_forgotten", "schedule": 3600.0},
}
