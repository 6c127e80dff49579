from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {"twins-sweep": {"task": "apps.twins.tasks.sweep", "schedule": 30.0}}
