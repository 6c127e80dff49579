from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "payments-sweep": {"task": "apps.payments.tasks.sweep", "schedule": 10.0},
}
