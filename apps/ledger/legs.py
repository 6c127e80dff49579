"""One side of a posting, and what a set of them must fulfil before the database is asked."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from apps.common.canonical import canonical_json, sha256_hex
from apps.common.errors import InvalidInput
from apps.ledger.errors import Unbalanced

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Leg:
    """Debit positive, credit negative, in minor units. `memo` tells two legs on one account apart."""

    account: str
    currency: str
    amount_minor: int
    memo: str = ""


def check_legs(legs: Sequence[Leg]) -> None:
    """Raises InvalidInput for a leg that is none, Unbalanced where they do not cancel out in each currency."""
    if len(legs) < 2:
        raise Unbalanced("A journal has at least two legs.")
    for leg in legs:
        if not isinstance(leg.amount_minor, int) or isinstance(leg.amount_minor, bool) or leg.amount_minor == 0:
            raise InvalidInput(f"{leg.account}: an amount is a whole number of minor units, not zero.", field="legs")
        if not _CURRENCY.fullmatch(leg.currency):
            raise InvalidInput(f"{leg.account}: “{leg.currency}” is not a currency code.", field="legs")
    sums: Counter[str] = Counter()
    for leg in legs:
        sums[leg.currency] += leg.amount_minor
    wrong = {currency: total for currency, total in sums.items() if total}
    if wrong:
        raise Unbalanced(f"The legs do not add up to zero: {wrong}.", field="legs")


def fingerprint(kind: str, ref: str, legs: Sequence[Leg]) -> str:
    """What a key stands for, whatever the order of the legs."""
    content = sorted([leg.account, leg.currency, leg.amount_minor, leg.memo] for leg in legs)
    return sha256_hex(canonical_json([kind, ref, content]))
