"""What the site tells people, each in her own language: a kind and plain facts are kept, words are chosen on reading.

The words stand beside the app that speaks, in `apps/<app>/notices/<language>.toml`:

    [booking.agreed]
    title = "$model said yes"
    body = { one = "Pay within a day.", other = "Pay within $count days." }

A text with forms is chosen by the value `count`. `[words.<group>]` holds what a code is called (see Code). A kind stays
in the files for as long as a row of it may exist: whoever retires one moves its rows to `notice.plain` first.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from django.apps import apps

from apps.common.legal_texts import language_of, locale_of, long_date
from apps.common.money import Money
from apps.common.templatetags.ui import major

ENGLISH = "en"
FOLDER = "notices"
Text = str | dict[str, str]  # or its forms, by the plural rules of Unicode


@dataclass(frozen=True)
class Code:
    """A fact out of a fixed list, such as a role: each language has a word for it in `[words.<group>]`."""

    group: str
    code: str


Value = str | int | date | Money | Code | Sequence[str]


@dataclass(frozen=True)
class Saying:
    """What is said, in no language yet; `values` are ready for JSON."""

    kind: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Words:
    title: str
    body: str


@dataclass(frozen=True)
class Texts:
    """Everything that is written in one language: texts by kind, words by group and code."""

    kinds: dict[str, dict[str, Text]]
    codes: dict[str, dict[str, str]]


def say(kind: str, /, **values: Value) -> Saying:
    """Names of people, titles and reasons are `str` and stay as they were typed; dates, Money, numbers, lists and codes
    are put into the reader's language.

    Raises LookupError for a kind or code that nobody wrote, and unless `values` are exactly those that its words name.
    """
    named = names_in(texts(ENGLISH).kinds[kind])
    if named != set(values):
        raise LookupError(f"{kind} names {sorted(named)}, not {sorted(values)}")
    return Saying(kind, {name: _stored(value) for name, value in values.items()})


def words_of(saying: Saying, language: str) -> Words:
    """In this language (a BCP 47 code), or in English where we do not write it. Raises KeyError for an unknown kind."""
    short = language_of(language)
    of = texts(short).kinds[saying.kind]
    values = {name: _shown(value, short) for name, value in saying.values.items()}
    return Words(*(_filled(of.get(part, ""), saying, values, short) for part in ("title", "body")))


def word(group: str, code: str, language: str) -> str:
    """What a code is called. Raises KeyError for one that nobody named."""
    return texts(language_of(language)).codes[group][code]


def names_in(of: Mapping[str, Text]) -> set[str]:
    """The values that the texts of one kind name."""
    names = set()
    for text in of.values():
        forms = [text] if isinstance(text, str) else [*text.values(), "$count"]
        names |= {name for form in forms for name in Template(form).get_identifiers()}
    return names


@cache
def texts(language: str) -> Texts:
    """What every app says in one of our languages; in English what was not translated.

    Raises ValueError when two apps say the same kind.
    """
    kinds: dict[str, dict[str, Text]] = {}
    codes: dict[str, dict[str, str]] = {}
    for file in files(language):
        for group, rows in tomllib.loads(file.read_text("utf-8")).items():
            written = rows if group == "words" else {f"{group}.{name}": text for name, text in rows.items()}
            into: dict[str, Any] = codes if group == "words" else kinds
            if twice := written.keys() & into.keys():
                raise ValueError(f"{file}: {sorted(twice)} stand in two files")
            into |= written
    if language == ENGLISH:
        return Texts(kinds, codes)
    english = texts(ENGLISH)
    return Texts(english.kinds | kinds, {group: english.codes[group] | codes.get(group, {}) for group in english.codes})


def files(language: str) -> list[Path]:
    """One for each app that speaks."""
    places = [Path(app.path) / FOLDER / f"{language}.toml" for app in apps.get_app_configs()]
    return [place for place in places if place.is_file()]


def _stored(value: Value) -> Any:
    match value:
        case str() | int():
            return value
        case date():
            return {"day": value.isoformat()}
        case Money():
            return {"minor": value.amount_minor, "currency": value.currency}
        case Code():
            word(value.group, value.code, ENGLISH)
            return {"group": value.group, "code": value.code}
    return list(value)


def _shown(value: Any, language: str) -> str:
    match value:
        case int():
            return format_decimal(value, locale=locale_of(language))
        case {"day": day}:
            return _day(date.fromisoformat(day), language)
        case {"minor": minor, "currency": currency}:
            amount, _ = major(minor, currency)
            return format_currency(amount, currency, locale=locale_of(language))
        case {"group": group, "code": code}:
            return word(group, code, language)
        case list():
            return format_list(value, locale=locale_of(language))
    return str(value)


def _day(day: date, language: str) -> str:
    """The first of a month is an ordinal in French, which the tables of Unicode leave out."""
    text = long_date(day, language)
    return f"1er{text[1:]}" if language == "fr" and day.day == 1 else text


def _filled(text: Text, saying: Saying, values: dict[str, str], language: str) -> str:
    if isinstance(text, dict):
        form = locale_of(language).plural_form(saying.values["count"])
        text = text.get(form, text["other"])
    if language == "fr":  # no line begins with one of these marks
        text = re.sub(" (?=[:;?!])", "\N{NO-BREAK SPACE}", text)
    return Template(text).substitute(values)
