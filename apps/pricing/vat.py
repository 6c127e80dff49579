"""Standard VAT rates by country and date.

Source: European Commission, "VAT rates applied in the Member States" and Taxes in Europe Database; HM Revenue &
Customs (GB); Federal Tax Administration (CH); Skatteetaten (NO). Put together on the date in AS_OF. VAT is a
liability towards a state and a line of its own, never a share. The figure on the issued invoice is the truth:
reverse charge and exemptions depend on both parties' registrations and are decided there.
"""

from dataclasses import dataclass
from datetime import date

from apps.common.errors import InvalidInput
from apps.common.territories import COUNTRIES, country_name

AS_OF = date(2026, 1, 1)
SOURCE = "European Commission, HMRC, Swiss FTA, Skatteetaten; table of 2026-01-01"
_LONG_AGO = date(2024, 1, 1)

# Country → (in force from, basis points), oldest first. Prices before the first date are not made here.
RATES: dict[str, tuple[tuple[date, int], ...]] = {
    "AT": ((_LONG_AGO, 2_000),),
    "BE": ((_LONG_AGO, 2_100),),
    "BG": ((_LONG_AGO, 2_000),),
    "CY": ((_LONG_AGO, 1_900),),
    "CZ": ((_LONG_AGO, 2_100),),
    "DE": ((_LONG_AGO, 1_900),),
    "DK": ((_LONG_AGO, 2_500),),
    "EE": ((_LONG_AGO, 2_200), (date(2025, 7, 1), 2_400)),
    "ES": ((_LONG_AGO, 2_100),),
    "FI": ((_LONG_AGO, 2_400), (date(2024, 9, 1), 2_550)),
    "FR": ((_LONG_AGO, 2_000),),
    "GR": ((_LONG_AGO, 2_400),),
    "HR": ((_LONG_AGO, 2_500),),
    "HU": ((_LONG_AGO, 2_700),),
    "IE": ((_LONG_AGO, 2_300),),
    "IT": ((_LONG_AGO, 2_200),),
    "LT": ((_LONG_AGO, 2_100),),
    "LU": ((_LONG_AGO, 1_700),),
    "LV": ((_LONG_AGO, 2_100),),
    "MT": ((_LONG_AGO, 1_800),),
    "NL": ((_LONG_AGO, 2_100),),
    "PL": ((_LONG_AGO, 2_300),),
    "PT": ((_LONG_AGO, 2_300),),
    "RO": ((_LONG_AGO, 1_900), (date(2025, 8, 1), 2_100)),
    "SE": ((_LONG_AGO, 2_500),),
    "SI": ((_LONG_AGO, 2_200),),
    "SK": ((_LONG_AGO, 2_000), (date(2025, 1, 1), 2_300)),
    "GB": ((_LONG_AGO, 2_000),),
    "CH": ((_LONG_AGO, 810),),
    "NO": ((_LONG_AGO, 2_500),),
}


@dataclass(frozen=True)
class VatRate:
    country: str
    rate_bp: int
    reason: str
    source: str = SOURCE


def vat_rate(country: str, *, on: date) -> VatRate:
    """The standard rate of a country on a day; outside the table 0 with the reason.

    Raises InvalidInput(field="vat_country") for a text that is no country, or a day before the table begins.
    """
    if country not in COUNTRIES:
        raise InvalidInput(f"“{country}” is not a country code.", field="vat_country")
    if on < _LONG_AGO:
        raise InvalidInput(f"There are no VAT rates before {_LONG_AGO:%d %B %Y}.", field="vat_country")
    name = country_name(country)
    in_force = [bp for since, bp in RATES.get(country, ()) if since <= on]
    if not in_force:
        return VatRate(country, 0, f"No VAT: {name} is outside the EU, Great Britain, Switzerland and Norway")
    return VatRate(country, in_force[-1], f"VAT {percent(in_force[-1])} % ({name})")


def rate_bp(country: str, *, on: date) -> int:
    return vat_rate(country, on=on).rate_bp


def percent(basis_points: int) -> str:
    """Basis points as a percentage in the shortest exact decimal: 1900 → "19", 2550 → "25.5"."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
