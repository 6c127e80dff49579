"""Who offers a press-once way in on the home page. Empty unless the demonstration registers itself."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Entrance:
    """One demonstration person: `account` is what the way in is told, the rest is shown."""

    account: str
    name: str
    role: str
    picture: str = ""


Provider = Callable[[], list[Entrance]]

_providers: list[Provider] = []


def offer(provider: Provider) -> None:
    """Called once, from the ready() of an app above."""
    _providers.append(provider)


def entrances() -> list[Entrance]:
    return [entrance for provider in _providers for entrance in provider()]
