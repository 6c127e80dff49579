"""What the SDK's types do not see and Stripe would refuse late or misread: refused here, before the call leaves."""

from collections.abc import Mapping

from apps.integrations.stripe.errors import InvalidCall

# Where cross-border transfers reach: US, UK, EEA, Canada, Switzerland. All have two decimals; HUF and ISK have rules.
CURRENCIES = frozenset(["CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "NOK", "PLN", "RON", "SEK", "USD"])
# Where a payee may live for that. The EEA is the EU's 27 with Iceland, Liechtenstein and Norway.
EEA = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split())
PAYOUT_COUNTRIES = EEA | {"US", "GB", "CA", "CH"}
LARGEST_AMOUNT = 99_999_999
LONGEST_KEY = 255
METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500
LONGEST_NAME = 250


def amount(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_AMOUNT:
        raise InvalidCall(f"an amount must lie between 1 and {LARGEST_AMOUNT} minor units, got {value!r}")
    return value


def currency(code: str) -> str:
    """The code as Stripe writes it."""
    if code not in CURRENCIES:
        raise InvalidCall(f"{code!r} is not a currency that we can charge in")
    return code.lower()


def country(code: str) -> str:
    """The code as the v2 API writes it."""
    if code not in PAYOUT_COUNTRIES:
        raise InvalidCall(f"{code!r} is not a country that transfers reach")
    return code.lower()


def metadata(values: Mapping[str, str]) -> dict[str, str]:
    if len(values) > METADATA_KEYS:
        raise InvalidCall(f"metadata takes {METADATA_KEYS} entries, got {len(values)}")
    for key, value in values.items():
        if not 0 < len(key) <= METADATA_KEY or "[" in key or "]" in key:
            raise InvalidCall(f"metadata key {key!r} is empty, too long or has square brackets")
        if not 0 < len(value) <= METADATA_VALUE:
            raise InvalidCall(f"metadata {key!r} is empty or longer than {METADATA_VALUE} characters")
    return dict(values)


def text(value: str, *, name: str, longest: int = LONGEST_NAME) -> str:
    if not 0 < len(value) <= longest:
        raise InvalidCall(f"{name} must have between 1 and {longest} characters")
    return value


def idempotency_key(value: str) -> str:
    return text(value, name="the idempotency key", longest=LONGEST_KEY)
