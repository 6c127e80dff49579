from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "archives-sweep": {"task": "apps.archives.tasks.sweep", "schedule": 30.0},
    "archives-expire": {"task": "apps.archives.tasks.expire", "schedule": 600.0},
}
