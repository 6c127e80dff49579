"""Texts that people sign: one TOML file per version and language, filled in with what was agreed.

A version never changes once somebody signed it: other words are another folder. What binds is the text that the signer
saw, in the language in which she saw it.
"""

import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_percent

from apps.common.money import BASIS_POINTS
from apps.common.territories import WORLD, country_name

LANGUAGES = {"en": "English", "fr": "Français", "de": "Deutsch", "it": "Italiano", "es": "Español"}
_LOCALES = {"en": "en_GB"}


def language_of(wanted: str) -> str:
    """The language of ours nearest to a BCP 47 code: itself without its region, else English."""
    short = wanted.replace("_", "-").partition("-")[0].lower()
    return short if short in LANGUAGES else "en"


@cache
def words(folder: Path, language: str) -> dict[str, Any]:
    """Everything that one version says in one language. Raises FileNotFoundError for a language it lacks."""
    return tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))


def fill(lines: Sequence[str], values: dict[str, str]) -> str:
    """The lines with every $name replaced. Raises KeyError for a value that is missing."""
    return "\n".join(Template(line).substitute(values) for line in lines)


def locale_of(language: str) -> Locale:
    """How one of our languages writes dates and numbers."""
    return Locale.parse(_LOCALES.get(language, language))


def long_date(day: date, language: str) -> str:
    return format_date(day, "long", locale=locale_of(language))


def percent(bp: int, language: str) -> str:
    return format_percent(Decimal(bp) / BASIS_POINTS, "#,##0.## %", locale=locale_of(language))


def places(territories: Sequence[str], worldwide: str, language: str) -> str:
    """Every country by its name: a region's name could come to mean other countries."""
    if WORLD in territories:
        return worldwide
    return ", ".join(sorted(country_name(code, language) for code in territories))
