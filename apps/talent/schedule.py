from typing import Any

SIX_HOURS = 21_600.0

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "talent-mandates-end": {"task": "apps.talent.tasks.remind_of_ends", "schedule": SIX_HOURS}
}
