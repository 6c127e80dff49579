"""The deal memo: what they may and may not do, in plain words of her language, derived from the licence fields alone.

A changed field changes the text, its hash, and so needs a new yes. New York Fashion Workers Act: a deal memo before
work in the model's language. It is written in five; the terms say which one binds, and the others are for reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel.lists import format_list
from babel.numbers import format_currency

from apps.common.legal_texts import LANGUAGES, fill, locale_of, long_date, places, words
from apps.common.money import Money
from apps.common.templatetags.ui import major
from apps.common.vocabulary import Exclusivity, Medium

TEXT_VERSION = "2026-11-28"
FOLDER = Path(__file__).parent / "texts" / TEXT_VERSION


@dataclass(frozen=True)
class MemoLine:
    icon: str
    label: str
    text: str


@dataclass(frozen=True)
class Crew:
    """What one person of the crew is given; `role_text` says what somebody of the role "other" did."""

    role: str
    role_text: str
    name: str
    gets: Money


@dataclass(frozen=True)
class MemoFacts:
    """Everything the memo speaks of. Amounts in minor units."""

    code: str
    version: int
    model_name: str
    brand_name: str
    agency_name: str
    pictures: int
    candidates: int
    media: tuple[str, ...]
    territories: tuple[str, ...]
    window_months: int
    starts_on: date | None
    exclusivity: str
    category: str
    pays: Money
    receives: Money
    looks: tuple[str, ...]
    crew: tuple[Crew, ...] = ()  # who of the crew is given what beside the fee
    renews: str = ""  # the code of the licence that is renewed: no picture is made


@dataclass(frozen=True)
class Change:
    """One line of the memo that reads otherwise in another version."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Reading:
    """The memo as somebody reads it. Only the text that is signed binds; a translation says so above it."""

    text: str
    language: str
    binding: bool
    in_other_languages: tuple[tuple[str, str], ...] = ()

    @property
    def language_name(self) -> str:
        return LANGUAGES[self.language]


def may(facts: MemoFacts, *, language: str = "en") -> list[MemoLine]:
    """What the brand may do."""
    said = words(FOLDER, language)
    line = said["may"]
    pictures = {"count": str(facts.pictures), "looks": format_list(facts.looks, locale=locale_of(language))}
    dated = {"day": long_date(facts.starts_on, language)} if facts.starts_on else {}
    begins = said["day_of_payment"] if facts.renews else said["day_of_delivery"]
    start = fill([said["from_day"]], dated) if dated else begins
    long = {"count": str(facts.window_months), "start": start}
    drafts = _line("sparkles", line["drafts"], {"count": str(facts.candidates)}, facts.candidates, language)
    return [
        _line("images", line["pictures_again"], {"licence": facts.renews})
        if facts.renews
        else _line("images", line["pictures"], pictures, facts.pictures, language),
        _line("sparkles", line["no_drafts"]) if facts.renews else drafts,
        _line("megaphone", line["media"], {"media": _listed(facts.media, said["media"])}),
        _line("globe", line["countries"], {"countries": places(facts.territories, said["worldwide"], language)}),
        _line("calendar-clock", line["long"], long, facts.window_months, language),
        _line("tag", line["category"], {"category": said["categories"][facts.category]}),
        _exclusivity(facts, said),
    ]


def may_not(facts: MemoFacts, *, language: str = "en") -> list[MemoLine]:
    """What the brand may never do under this licence."""
    said = words(FOLDER, language)
    line = said["may_not"]
    unlicensed = [medium.value for medium in Medium if medium.value not in facts.media]
    lines = [
        _line("ban", line["never"]),
        _line("fingerprint", line["stays"]),
        _line("pen-line", line["changes"]),
    ]
    if unlicensed:
        lines.append(_line("ban", line["media"], {"media": _listed(unlicensed, said["media"])}))
    return lines


def heads(language: str) -> dict[str, str]:
    """What stands above the two lists."""
    said = words(FOLDER, language)
    return {"may": said["what_they_may"], "may_not": said["what_they_may_not"]}


def changes(before: MemoFacts, after: MemoFacts, *, language: str = "en") -> list[Change]:
    """What reads otherwise in a later version of the same booking, the money first."""
    receives = fill([words(FOLDER, language)["receives"]], {"model": after.model_name})
    found = [Change(receives, _amount(before.receives, language), _amount(after.receives, language))]
    found.append(Change(words(FOLDER, language)["crew_gets"], _crew(before, language), _crew(after, language)))
    old, new = may(before, language=language), may(after, language=language)
    found += [Change(was.label, was.text, now.text) for was, now in zip(old, new, strict=True)]
    return [change for change in found if change.before != change.after]


def text(facts: MemoFacts, *, language: str = "en") -> str:
    """The memo as it is shown, signed and hashed."""
    said = words(FOLDER, language)
    values = {
        "code": facts.code,
        "version": str(facts.version),
        "brand": facts.brand_name,
        "model": facts.model_name,
        "agency": facts.agency_name,
        "pays": _amount(facts.pays, language),
        "receives": _amount(facts.receives, language),
        "crew": _crew(facts, language),
        "wording": TEXT_VERSION,
    }
    parties = said["parties_through" if facts.agency_name else "parties"]
    allowed = [_written(line, said) for line in may(facts, language=language)]
    forbidden = [_written(line, said) for line in may_not(facts, language=language)]
    beside = [said["crew"]] if facts.crew else []
    head = fill([said["title"], parties, said["money"], *beside], values)
    tail = fill([said["new_yes"]], values)
    return "\n".join([head, said["they_may"], *allowed, said["they_may_not"], *forbidden, tail])


def reading(facts: MemoFacts, *, bound: str, bound_language: str, wanted: str) -> Reading:
    """A frozen memo in the language that somebody wants to read.

    A translation is offered only where today's words, in the language that binds, still make the very text that binds:
    then it says the same. Where they do not (an older wording, a name changed since), there is the binding text alone.
    """
    faithful = text(facts, language=bound_language) == bound
    others = tuple(LANGUAGES.items()) if faithful else ()
    if wanted == bound_language or not faithful:
        return Reading(bound, bound_language, True, others)
    return Reading(text(facts, language=wanted), wanted, False, others)


def _line(
    icon: str, said: dict[str, Any], values: dict[str, str] | None = None, count: int = 1, language: str = "en"
) -> MemoLine:
    form = said["text"]
    if isinstance(form, dict):
        form = form.get(locale_of(language).plural_form(count), form["other"])
    filled = fill([form], values or {})
    return MemoLine(icon, said["label"], filled[:1].upper() + filled[1:])


def _written(line: MemoLine, said: dict[str, Any]) -> str:
    return fill([said["line"]], {"label": line.label, "text": line.text})


def _exclusivity(facts: MemoFacts, said: dict[str, Any]) -> MemoLine:
    text_of = said["exclusivity"]
    in_sentence = {"category": said["categories"][facts.category]}
    return MemoLine("lock", text_of["label"], fill([text_of[Exclusivity(facts.exclusivity).value]], in_sentence))


def _listed(codes: Sequence[str], names: dict[str, str]) -> str:
    """Apart by a semicolon: the name of a medium can hold an "and" of its own."""
    return "; ".join(names[code] for code in codes)


def _crew(facts: MemoFacts, language: str) -> str:
    """Everybody of the crew with the amount that is hers; apart by a semicolon, as a part can be of several words."""
    said = words(FOLDER, language)
    roles = said["roles"]
    if not facts.crew:
        return str(said["crew_nothing"])
    return "; ".join(
        f"{one.name} ({one.role_text or roles[one.role]}) {_amount(one.gets, language)}" for one in facts.crew
    )


def _amount(money: Money, language: str) -> str:
    amount, _ = major(money.amount_minor, money.currency)
    return format_currency(amount, money.currency, locale=locale_of(language))
