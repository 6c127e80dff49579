"""Calendar months in UTC, the time in which statements are cut."""

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, order=True)
class Month:
    """`start` is the first instant of the month, `end` the first one after it. Raises ValueError for no month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return self.plus(1).start

    def plus(self, months: int) -> "Month":
        years, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, index + 1)
