from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {"media-sweep": {"task": "apps.media.tasks.sweep", "schedule": 600.0}}
