"""Where a licence holds: ISO 3166-1 alpha-2 countries, and the named regions that the price knows."""

from collections.abc import Iterable

from babel import Locale

WORLD = "WORLD"

REGIONS: dict[str, tuple[str, frozenset[str]]] = {
    "nordics": ("Nordics", frozenset("DK FI IS NO SE".split())),
    "benelux": ("Benelux", frozenset("BE LU NL".split())),
    "dach": ("Germany, Austria, Switzerland", frozenset("AT CH DE".split())),
    "europe": (
        "Europe",
        frozenset(
            "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MT NL NO PL PT RO SE SI SK".split()
        ),
    ),
    "north_america": ("North America", frozenset("CA MX US".split())),
    "east_asia": ("East Asia", frozenset("CN HK JP KR MO TW".split())),
    "oceania": ("Oceania", frozenset("AU NZ".split())),
    "gulf": ("Gulf states", frozenset("AE BH KW OM QA SA".split())),
}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ"}  # Babel lists these two-letter codes beside the countries
COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
)


def country_name(code: str, locale: str = "en") -> str:
    return "Worldwide" if code == WORLD else Locale.parse(locale, sep="-").territories.get(code, code)


# Code and English name, by name: what a form offers.
COUNTRY_CHOICES = [(code, name) for name, code in sorted((country_name(code), code) for code in COUNTRIES)]


def region_of(territories: Iterable[str]) -> str | None:
    """The smallest named region that contains all these countries, or None."""
    wanted = frozenset(territories)
    fitting = [(len(countries), key) for key, (_, countries) in REGIONS.items() if wanted <= countries]
    return min(fitting)[1] if fitting else None


def overlap(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether two lists of territories meet; WORLD meets everything."""
    a, b = frozenset(left), frozenset(right)
    return bool(a & b) or (WORLD in a and bool(b)) or (WORLD in b and bool(a))


def covers(wide: Iterable[str], narrow: Iterable[str]) -> bool:
    """Whether every territory of `narrow` lies in `wide`."""
    a = frozenset(wide)
    return WORLD in a or frozenset(narrow) <= a


def describe(territories: Iterable[str]) -> str:
    """The territories in words: a region's name when exactly that region is meant, else the countries' names."""
    wanted = frozenset(territories)
    if WORLD in wanted:
        return "Worldwide"
    for name, countries in REGIONS.values():
        if wanted == countries:
            return name
    return ", ".join(sorted(country_name(code) for code in wanted))
