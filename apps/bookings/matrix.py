"""The use of a booking as media × territories: what one licence allows, and by which factors each side is priced.

One booking is one licence: every medium holds in every territory. Media add up; the territories count once, together.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from apps.bookings.models.booking import Booking
from apps.common.dates import add_months
from apps.common.territories import REGIONS, WORLD, country_name
from apps.common.vocabulary import Medium, Window
from apps.pricing.factors import Factors
from apps.pricing.quote import FactorLine, Quote


@dataclass(frozen=True)
class Column:
    medium: str
    label: str
    factor: str


@dataclass(frozen=True)
class UsageMatrix:
    """`starts_on` is None while the licence starts with the delivery; `ends_on` then counts from today."""

    columns: list[Column]
    rows: list[str]
    media: FactorLine
    territory: FactorLine
    window: str
    window_factor: FactorLine
    starts_on: date | None
    ends_on: date


def usage_matrix(booking: Booking, priced: Quote, factors: Factors) -> UsageMatrix:
    """No query. `factors` are those of the price, which tell what each medium alone counts."""
    lines = {line.code: line for line in priced.factors}
    first = booking.starts_on or timezone.now().date()
    return UsageMatrix(
        columns=[
            Column(medium.value, str(medium.label), decimal(factors.bp("media", medium)))
            for medium in Medium
            if medium.value in booking.media
        ],
        rows=rows_of(booking.territories),
        media=lines["media"],
        territory=lines["territory"],
        window=str(Window(booking.window_months).label),
        window_factor=lines["window"],
        starts_on=booking.starts_on,
        ends_on=add_months(first, booking.window_months),
    )


def rows_of(territories: list[str]) -> list[str]:
    """Whole regions by their name, the widest first, then the countries left."""
    left = set(territories)
    if WORLD in left:
        return [country_name(WORLD)]
    named = []
    for name, countries in sorted(REGIONS.values(), key=lambda region: -len(region[1])):
        if countries <= left:
            named.append(name)
            left -= countries
    return named + sorted(country_name(code) for code in left)


def decimal(basis_points: int) -> str:
    """The shortest exact decimal of a factor."""
    whole, rest = divmod(basis_points, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def scales(factors: Factors) -> dict[str, str]:
    """What each factor could be, in one line: why this one is what it is."""

    def steps(group: str, names: dict[str, str]) -> str:
        return ", ".join(f"{name} {decimal(factors.bp(group, key))}" for key, name in names.items())

    return {
        "volume": steps("volume", {"20": "up to 20 pictures", "100": "up to 100", "500": "up to 500"}),
        "media": "Each medium has its own, and several add up.",
        "territory": steps("territory", {"country": "one country", "region": "one named region", "more": "more"}),
        "window": steps("window", {str(window.value): str(window.label) for window in Window}),
        "exclusivity": steps("exclusivity", {"none": "none", "category": "in the category", "full": "in full"}),
        "category": steps("category", {"fashion": "normal", "swim": "swimwear", "lingerie": "lingerie"}),
        "negotiated": "Never less than the rate card asks.",
        "renewal": "Counts less before the licence ends than after it.",
        "extension": "The difference is paid, nothing twice.",
        "service": "Goes to the agency that answers, on top of the fee.",
        "platform": "Goes to Double, on top of the fee.",
    }
