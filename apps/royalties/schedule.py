from typing import Any

from celery.schedules import crontab

# Every night rather than once a month: a run that was missed is made up for on the next.
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "close-last-month": {"task": "apps.royalties.tasks.close_last_month", "schedule": crontab(hour="3", minute="10")},
}
