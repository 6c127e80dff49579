"""Ids as a form sends them."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID


def ids_of(given: Iterable[str]) -> list[UUID]:
    """What reads like an id; anything else names nothing, as an unknown id does."""
    found = []
    for text in given:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
