"""The factors of the price as data: basis points in groups, with the defaults of the product.

A rate card overrides single values; it cannot invent a group or a key, so every card stays readable beside the
defaults. All values are integers of basis points: 10,000 is a factor of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from apps.common.errors import InvalidInput
from apps.common.money import BASIS_POINTS
from apps.common.vocabulary import Category, Exclusivity, Medium, Window

Table = Mapping[str, Mapping[str, int]]

LARGEST_FACTOR_BP = 20 * BASIS_POINTS
PLATFORM_KEYS = frozenset({("share", "platform")})

# Pictures up to the number of the key; beyond the last step each further 500 adds "further_500".
VOLUME_STEPS = (20, 100, 500)
VOLUME_STRIDE = 500

DEFAULT_TABLE: Table = {
    "volume": {"20": 10_000, "100": 15_000, "500": 25_000, "further_500": 5_000},
    "media": {
        Medium.OWN.value: 10_000,
        Medium.ECOMMERCE.value: 20_000,
        Medium.PAID_SOCIAL.value: 20_000,
        Medium.MULTI_RETAILER.value: 30_000,
        Medium.OUT_OF_HOME.value: 30_000,
        Medium.TV.value: 40_000,
    },
    "territory": {"country": 10_000, "region": 17_500, "more": 25_000},
    "window": {
        str(Window.THREE.value): 5_000,
        str(Window.SIX.value): 7_500,
        str(Window.TWELVE.value): 10_000,
        str(Window.TWENTY_FOUR.value): 17_500,
        str(Window.THIRTY_SIX.value): 24_000,
    },
    "exclusivity": {
        Exclusivity.NONE.value: 10_000,
        Exclusivity.CATEGORY.value: 17_500,
        Exclusivity.FULL.value: 30_000,
    },
    "category": {category.value: 10_000 for category in Category}
    | {Category.SWIM.value: 15_000, Category.LINGERIE.value: 20_000},
    "share": {"service": 2_000, "platform": 800},
    "act": {"twin_creation": 12_500, "early_renewal": 9_000, "over_use": 20_000},
}


@dataclass(frozen=True)
class Factors:
    """A complete table: every group and key of the defaults has a value."""

    table: Table

    def bp(self, group: str, key: str) -> int:
        return self.table[group][key]

    def value(self, group: str, key: str) -> Fraction:
        return Fraction(self.bp(group, key), BASIS_POINTS)

    def overridden_by(self, card: Table) -> "Factors":
        """These factors with the values of a checked card laid over them."""
        return Factors(_frozen({group: {**values, **card.get(group, {})} for group, values in self.table.items()}))


def _frozen(table: Table) -> Table:
    return MappingProxyType({group: MappingProxyType(dict(values)) for group, values in table.items()})


DEFAULTS = Factors(_frozen(DEFAULT_TABLE))


def checked_card(card: object, *, of_platform: bool) -> dict[str, dict[str, int]]:
    """A rate card as plain data, every value in range. Raises InvalidInput(field="factors") naming what is wrong.

    Only the platform's own card may set the platform's fee.
    """
    if not isinstance(card, Mapping) or not card:
        raise InvalidInput("A rate card names at least one factor.", field="factors")
    return {str(group): _checked_group(str(group), values, of_platform) for group, values in card.items()}


def _checked_group(group: str, values: object, of_platform: bool) -> dict[str, int]:
    known = DEFAULT_TABLE.get(group)
    if known is None:
        raise InvalidInput(f"There is no group of factors “{group}”.", field="factors")
    if not isinstance(values, Mapping) or not values:
        raise InvalidInput(f"The group “{group}” names at least one factor.", field="factors")
    checked: dict[str, int] = {}
    for key, value in values.items():
        if key not in known:
            raise InvalidInput(f"There is no factor “{key}” in “{group}”.", field="factors")
        if (group, key) in PLATFORM_KEYS and not of_platform:
            raise InvalidInput("Only the platform sets the platform fee.", field="factors")
        checked[key] = _checked_value(group, key, value)
    return checked


def _checked_value(group: str, key: str, value: object) -> int:
    lowest, highest = (0, BASIS_POINTS) if group == "share" else (1, LARGEST_FACTOR_BP)
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise InvalidInput(
            f"“{key}” in “{group}” is a whole number of basis points from {lowest} to {highest}.", field="factors"
        )
    return value
