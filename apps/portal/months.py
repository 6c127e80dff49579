"""Days laid over months: what a calendar of rights shows, as rows of cells that add up to all its months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Entry:
    """Something that stands in the calendar; days inclusive. `kind` is its look: bound, exclusive, elsewhere, option,
    blocked."""

    kind: str
    title: str
    first: date
    last: date
    detail: str = ""
    href: str = ""


@dataclass(frozen=True)
class Cell:
    """`span` months; without an entry nothing stands there."""

    span: int
    entry: Entry | None = None


@dataclass(frozen=True)
class Months:
    """`count` whole months from the first day of one."""

    first: date
    count: int

    @property
    def days(self) -> list[date]:
        """The first day of each."""
        return [_shifted(self.first, number) for number in range(self.count)]

    @property
    def last(self) -> date:
        return _shifted(self.first, self.count) - timedelta(days=1)

    @property
    def earlier(self) -> date:
        return _shifted(self.first, -self.count)

    @property
    def later(self) -> date:
        return _shifted(self.first, self.count)

    def lanes(self, entries: Iterable[Entry]) -> list[list[Cell]]:
        """As few rows as possible in which no two entries share a month, the earliest first; at least one row."""
        lanes: list[list[tuple[int, int, Entry]]] = [[]]
        for entry in sorted(entries, key=lambda entry: (entry.first, entry.last)):
            begin, end = self._index(entry.first), self._index(entry.last)
            if begin >= self.count or end < 0:
                continue
            begin, end = max(begin, 0), min(end, self.count - 1)
            lane = next((lane for lane in lanes if not lane or lane[-1][1] < begin), None)
            if lane is None:
                lanes.append(lane := [])
            lane.append((begin, end, entry))
        return [self._cells(lane) for lane in lanes]

    def _cells(self, lane: list[tuple[int, int, Entry]]) -> list[Cell]:
        cells, at = [], 0
        for begin, end, entry in lane:
            if begin > at:
                cells.append(Cell(begin - at))
            cells.append(Cell(end - begin + 1, entry))
            at = end + 1
        return [*cells, Cell(self.count - at)] if at < self.count else cells

    def _index(self, day: date) -> int:
        return (day.year - self.first.year) * 12 + day.month - self.first.month


def _shifted(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
