from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "team-invitations": {"task": "apps.organizations.tasks.sweep_invitations", "schedule": 300.0}
}
