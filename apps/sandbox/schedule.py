from typing import Any

from django.conf import settings

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {}
if settings.STRIPE_TRANSPORT == "sandbox":
    BEAT_SCHEDULE["sandbox-webhooks"] = {"task": "apps.sandbox.tasks.sweep_webhooks", "schedule": 5.0}
