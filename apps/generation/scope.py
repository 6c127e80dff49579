"""What a voucher may be used for, as the parties agreed it: frozen with it, looked at again before every GPU call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apps.common.errors import InvalidInput
from apps.common.territories import COUNTRIES, WORLD
from apps.common.vocabulary import Category, Exclusivity, Medium

KEYS = {"brand", "agency", "category", "media", "territories", "window_months"}
DAYS_A_MONTH = 31


@dataclass(frozen=True)
class Scope:
    """`brand` and `agency` are parties; `agency` is None for a model without one. Days are inclusive, in UTC; without
    them the licence starts with its delivery. `body_lock` is by how many per cent body, skin and hair may differ."""

    brand: str
    agency: str | None
    category: str
    media: tuple[str, ...]
    territories: tuple[str, ...]
    window_months: int
    starts_on: date | None
    ends_on: date | None
    exclusivity: str
    body_lock: Mapping[str, int]

    def days(self, today: date) -> tuple[date, date]:
        """First and last day of use, the longest it may be where the dates are open."""
        start = self.starts_on or today
        return start, self.ends_on or start + timedelta(days=DAYS_A_MONTH * self.window_months)


def read_scope(data: Mapping[str, Any]) -> Scope:
    """What matters here of a frozen scope; it may say more, and name the days of use by starts_on and ends_on.

    Raises InvalidInput for a scope that lacks something or names something unknown.
    """
    if not set(data) >= KEYS:
        raise InvalidInput(f"A voucher's scope names {', '.join(sorted(KEYS))}.")
    scope = Scope(
        brand=data["brand"],
        agency=data["agency"],
        category=data["category"],
        media=tuple(data["media"]),
        territories=tuple(data["territories"]),
        window_months=data["window_months"],
        starts_on=_day(data.get("starts_on")),
        ends_on=_day(data.get("ends_on")),
        exclusivity=data.get("exclusivity", Exclusivity.NONE),
        body_lock=data.get("body_lock", {}),
    )
    if scope.category not in Category.values or not scope.media or not set(scope.media) <= set(Medium.values):
        raise InvalidInput("A voucher's scope names a known category and known media.")
    if not scope.territories or not set(scope.territories) <= COUNTRIES | {WORLD} or scope.window_months < 1:
        raise InvalidInput("A voucher's scope names known territories and a window.")
    return scope


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
