from typing import Any

A_QUARTER_OF_AN_HOUR, A_DAY = 900.0, 86_400.0

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "boards-findable": {"task": "apps.boards.tasks.mend_findable", "schedule": A_QUARTER_OF_AN_HOUR},
    "boards-findable-all": {"task": "apps.boards.tasks.mend_all_findable", "schedule": A_DAY},
}
