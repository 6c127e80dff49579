"""What a person changes about her own account."""

from zoneinfo import available_timezones

from apps.accounts.languages import SPOKEN
from apps.accounts.models import User
from apps.common.errors import InvalidInput


def languages_for(user: User) -> list[str]:
    """Those that we write in, and the one she has."""
    return list(dict.fromkeys([*SPOKEN, user.language]))


def save_profile(*, user: User, name: str, language: str, time_zone: str) -> None:
    """Her name, the language we write to her in, and the clock her pages show. Raises InvalidInput(field=…)."""
    if not name.strip():
        raise InvalidInput("Tell us your name.", field="name")
    if language not in languages_for(user):
        raise InvalidInput("Choose a language.", field="language")
    if time_zone not in available_timezones():
        raise InvalidInput("Choose a time zone.", field="time_zone")
    user.name, user.language, user.time_zone = name.strip(), language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
