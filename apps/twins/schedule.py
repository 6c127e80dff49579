from typing import Any

SIX_HOURS = 21_600.0

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "twins-sweep": {"task": "apps.twins.tasks.sweep", "schedule": 30.0},
    "twins-best-before": {"task": "apps.twins.tasks.remind_of_best_before", "schedule": SIX_HOURS},
}
