"""What beat sends for generation. A sweep that waited longer than the next one is due is dropped."""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "generation-sweep": {"task": "apps.generation.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
}
