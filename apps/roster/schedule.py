from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "roster-invitations": {"task": "apps.roster.tasks.send_pending", "schedule": 60.0},
    "roster-uploads": {"task": "apps.roster.tasks.sweep_uploads", "schedule": 300.0},
    "roster-reminders": {"task": "apps.roster.tasks.send_reminders", "schedule": 60.0},
}
