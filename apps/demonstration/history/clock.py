"""A clock that stands in the past, for one process: the loader of the demonstration.

`django.utils.timezone.now` is where every row, licence window and journal of the site takes its time from. Here it
tells a story's time instead, while the real seconds go on. Whatever reads `time.time()` (signed addresses, webhook
signatures) keeps the true time, and so do the database's own clock, which the audit chain uses, and other processes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo

from django.utils import timezone

from apps.common.clock import true_now


class Clock:
    """Stands at `moment` and goes on at the pace of the true time."""

    def __init__(self, moment: datetime) -> None:
        self.behind = timedelta(0)
        self.set(moment)

    def set(self, moment: datetime) -> None:
        self.behind = true_now() - moment

    def at_least(self, moment: datetime | None) -> None:
        """Moves on to this moment, never back."""
        if moment is not None and moment > self.now():
            self.set(moment)

    def now(self) -> datetime:
        return true_now() - self.behind


@contextmanager
def standing_at(moment: datetime) -> Iterator[Clock]:
    """Within it the whole process lives at the clock's time.

    The name `datetime` in Django's module is exchanged and not `now` itself, because fields keep `now` as a default.
    """
    clock = Clock(moment)
    real = timezone.datetime  # type: ignore[attr-defined]
    timezone.datetime = _datetime_of(clock)  # type: ignore[attr-defined]
    try:
        yield clock
    finally:
        timezone.datetime = real  # type: ignore[attr-defined]


class _AnyDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


def _datetime_of(clock: Clock) -> type[datetime]:
    class StoryDatetime(datetime, metaclass=_AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.now().astimezone(tz)

    return StoryDatetime
