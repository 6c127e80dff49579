"""What a brand asks a price for, and whether it can be priced at all."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from apps.common.errors import InvalidInput
from apps.common.territories import COUNTRIES, WORLD
from apps.common.vocabulary import CURRENCIES, Category, Exclusivity, Medium, Window

MOST_PICTURES = 5_000
HIGHEST_DAY_RATE_MINOR = 100_000_000
HIGHEST_FEE_MINOR = 1_000_000_000
HIGHEST_CREW_MINOR = 10_000_000


@dataclass(frozen=True)
class Ask:
    """Amounts in minor units; territories are ISO 3166-1 countries or WORLD; the window in months.

    `represented` says whether an agency answers for the model: without one there is no service charge. `fee_minor` is a
    fee negotiated above the rate card's; None leaves it to the rate card.
    """

    day_rate_minor: int
    currency: str
    pictures: int
    media: tuple[str, ...]
    territories: tuple[str, ...]
    window_months: int
    exclusivity: str
    category: str
    represented: bool
    vat_country: str
    fee_minor: int | None = None

    def as_json(self) -> dict[str, Any]:
        fields = asdict(self) | {"media": list(self.media), "territories": list(self.territories)}
        if self.fee_minor is None:  # quotes that were frozen before fees were negotiated read the same
            del fields["fee_minor"]
        return fields

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Ask":
        return cls(**data | {"media": tuple(data["media"]), "territories": tuple(data["territories"])})


def check(ask: Ask) -> None:
    """Raises InvalidInput naming the first field that cannot be priced."""
    check_day_rate(ask.day_rate_minor, ask.currency)
    if not _whole(ask.pictures, 1, MOST_PICTURES):
        raise InvalidInput(f"A booking has from 1 to {MOST_PICTURES:,} pictures.", field="pictures")
    _check_codes(ask.media, Medium.values, field="media", noun="medium")
    _check_codes(ask.territories, COUNTRIES | {WORLD}, field="territories", noun="territory")
    if not _whole(ask.window_months, 1, max(Window.values)) or ask.window_months not in Window.values:
        months = ", ".join(str(value) for value in Window.values)
        raise InvalidInput(f"Licences are priced for {months} months, no longer.", field="window_months")
    if ask.exclusivity not in Exclusivity.values:
        raise InvalidInput("Choose no exclusivity, in the category, or full.", field="exclusivity")
    if ask.category not in Category.values:
        raise InvalidInput(f"“{ask.category}” is not a category.", field="category")
    if ask.fee_minor is not None and not _whole(ask.fee_minor, 1, HIGHEST_FEE_MINOR):
        raise InvalidInput("A fee is more than zero and at most ten million.", field="fee_minor")


def check_day_rate(amount_minor: int, currency: str) -> None:
    """Raises InvalidInput for an unpriced currency or a day rate that is no sensible amount."""
    if currency not in CURRENCIES:
        raise InvalidInput(f"Prices are made in {', '.join(CURRENCIES)}.", field="currency")
    if not _whole(amount_minor, 1, HIGHEST_DAY_RATE_MINOR):
        raise InvalidInput("The day rate is more than zero and at most a million.", field="day_rate_minor")


def _check_codes(codes: tuple[str, ...], known: Iterable[object], *, field: str, noun: str) -> None:
    if not codes:
        raise InvalidInput(f"Choose at least one {noun}.", field=field)
    unknown = sorted(set(codes).difference(known))
    if unknown:
        raise InvalidInput(f"“{unknown[0]}” is not a {noun} we know.", field=field)


def _whole(value: object, lowest: int, highest: int) -> bool:
    """Forms and JSON may bring a float or a yes; neither is a number of anything here."""
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
