"""What the clock starts."""

from datetime import UTC, datetime

from celery import shared_task

from apps.accounts.actor import Actor
from apps.royalties.month_end import close_month
from apps.royalties.periods import Month


@shared_task
def close_last_month() -> int:
    """Close the month before this one for every party; on later days it finds nothing left to do."""
    last = Month.of(datetime.now(UTC).date()).plus(-1)
    return len(close_month(year=last.year, month=last.month, by=Actor.SYSTEM))
