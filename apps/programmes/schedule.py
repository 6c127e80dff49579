from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "programmes-invited": {"task": "apps.programmes.tasks.tell_the_invited", "schedule": 30.0},
    "programmes-sweep": {"task": "apps.programmes.tasks.sweep", "schedule": 300.0},
}
