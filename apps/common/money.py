"""Money is an integer of the minor unit with a currency. Rates are basis points or exact fractions, never floats."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

BASIS_POINTS = 10_000


@dataclass(frozen=True, order=True)
class Money:
    amount_minor: int
    currency: str


def half_up(value: Fraction) -> int:
    """Round to the minor unit, half away from zero. Used once per line, on the exact value."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units in proportion to `weights` so that the parts add up exactly.

    Every part is within one unit of its exact share; left-over units go to the largest remainders, ties to the
    earlier weight. `total` may be negative (a refund). Raises ValueError for negative or all-zero weights.
    """
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    parts = [abs(total) * weight // whole for weight in weights]
    remainders = [abs(total) * weight % whole for weight in weights]
    missing = abs(total) - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]
