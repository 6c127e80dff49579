"""What one row of a roster must say."""

import unicodedata
from datetime import date

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from apps.common.errors import InvalidInput
from apps.common.territories import COUNTRIES
from apps.roster.models import RosterEntry
from apps.talent.models import ADULT, Board, age_on

OLDEST = 120  # years; beyond, the year is a slip of the pen


def checked(column: str, text: str) -> str | date:
    """The cell as the field of a RosterEntry with the same name. Raises InvalidInput for what is none.

    Text stays text: what looks like a formula is a name like any other.
    """
    _check_text(text, getattr(RosterEntry._meta.get_field(column), "max_length", None))
    match column:
        case "email":
            return _email(text)
        case "birth_date":
            return _birth_date(text)
        case "country":
            return _one_of(COUNTRIES, text.upper(), "Give an ISO 3166-1 code of two letters, such as FR.")
        case "board":
            return _one_of(Board.values, text.lower(), f"Give one of {', '.join(Board.values)}.")
        case "language":
            return _language(text)
    return text


def _check_text(text: str, longest: int | None) -> None:
    if not text:
        raise InvalidInput("This is missing.")
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise InvalidInput("There is a control character in it.")
    if longest and len(text) > longest:
        raise InvalidInput(f"At most {longest} characters.")


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise InvalidInput("This is no e-mail address.") from error
    return text.lower()


def _birth_date(text: str) -> date:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        born = None
    if born is None or born.isoformat() != text:  # fromisoformat takes weeks and dates without hyphens too
        raise InvalidInput("Give a date that exists, as YYYY-MM-DD.")
    age = age_on(born, timezone.now().date())
    if age < ADULT:
        raise InvalidInput(f"Under {ADULT}: only adults can be invited.")
    if age > OLDEST:
        raise InvalidInput(f"Over {OLDEST} years ago: check the year.")
    return born


def _language(text: str) -> str:
    try:
        Locale.parse(text, sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise InvalidInput("Give the code of a language, such as fr or en-gb.") from error
    return text.lower()


def _one_of(known: frozenset[str] | list[str], text: str, otherwise: str) -> str:
    if text not in known:
        raise InvalidInput(otherwise)
    return text
