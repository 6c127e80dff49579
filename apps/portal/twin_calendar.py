"""The rights calendar of one twin as a brand sees it: free, blocked, or its own option. Never whose anything is."""

from dataclasses import dataclass
from datetime import date, timedelta

from apps.accounts.actor import Actor
from apps.bookings.calendar import Wish, blocking, countries_of
from apps.common.territories import WORLD, country_name, describe
from apps.options.models import Option
from apps.options.states import State
from apps.portal.calendar_forms import TwinCalendarFilter
from apps.portal.months import Cell, Entry, Months
from apps.twins.models import Twin

Interval = tuple[date, date]
MOST_NAMED = 6


@dataclass(frozen=True)
class Market:
    """Countries in which the same holds; `lanes` begin with what is free and blocked, own options stand below."""

    name: str
    entries: list[Entry]
    lanes: list[list[Cell]]

    @property
    def free(self) -> bool:
        return not any(entry.kind == "blocked" for entry in self.entries)


@dataclass(frozen=True)
class TwinCalendar:
    months: Months
    markets: list[Market]


def twin_calendar(actor: Actor, twin: Twin, wanted: TwinCalendarFilter) -> TwinCalendar:
    """Three queries, whatever the rows."""
    months, here = wanted.months, wanted.countries
    wish = Wish(
        twin=twin,
        category=wanted.category_code,
        exclusivity=wanted.exclusivity_code,
        territories=tuple(here),
        starts_on=months.first,
        ends_on=months.last,
    )
    blocked = _blocked(wish)
    options = list(
        Option.objects.visible_to(actor)
        .open()
        .filter(twin=twin, category=wish.category, territories__overlap=here, window__overlap=wish.window)
        .ranked()
    )
    markets: dict[tuple[Entry, ...], list[str]] = {}
    for country in here:
        entries = [_as_blocked(interval) for interval in _joined(blocked.get(country, []))]
        entries += [_as_option(option) for option in options if country in option.territories]
        markets.setdefault(tuple(entries), []).append(country)
    few_first = sorted(markets.items(), key=lambda item: (len(item[1]) > MOST_NAMED, item[1]))
    return TwinCalendar(months, [_market(months, list(key), _name(found, here)) for key, found in few_first])


def _name(countries: list[str], asked: list[str]) -> str:
    """The countries one by one; many of them as what they are, or as all that the others are not."""
    if len(countries) <= MOST_NAMED:
        return ", ".join(sorted(country_name(code) for code in countries))
    if len(countries) == len(asked):
        return describe(asked)
    return f"The other {len(countries)} countries"


def _market(months: Months, entries: list[Entry], name: str) -> Market:
    blocked = [entry for entry in entries if entry.kind == "blocked"]
    own = [entry for entry in entries if entry.kind == "option"]
    lanes = months.lanes(blocked) + (months.lanes(own) if own else [])
    return Market(name, entries, lanes)


def _blocked(wish: Wish) -> dict[str, list[Interval]]:
    """By country; first day and the day after the last one."""
    slots, elsewhere = blocking(wish)
    found: dict[str, list[Interval]] = {}
    for territory, window in slots.values_list("territory", "window").distinct():
        found.setdefault(territory, []).append((window.lower, window.upper))
    for territories, window in elsewhere.values_list("territories", "window"):
        for country in wish.territories if WORLD in territories else countries_of(territories):
            found.setdefault(country, []).append((window.lower, window.upper))
    return found


def _joined(intervals: list[Interval]) -> list[Interval]:
    """Blocked without a free day between is one block: how many things block it is nobody's business."""
    joined: list[Interval] = []
    for first, end in sorted(intervals):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((first, end))
    return joined


def _as_blocked(interval: Interval) -> Entry:
    return Entry("blocked", "Blocked", interval[0], interval[1] - timedelta(days=1))


def _as_option(option: Option) -> Entry:
    asked = option.state == State.ASKED
    title = "Your option, not granted yet" if asked else f"Your option, rank {option.rank}"  # type: ignore[attr-defined]
    return Entry("option", title, option.first_day, option.last_day)
