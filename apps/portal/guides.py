"""What leads a visitor through the site: a part of the home page and a bar on every page.

Empty unless an app above registers one; the portal shows what it is handed and knows nothing of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Part:
    """A template with what it needs, which it finds as `guide`."""

    template: str
    guide: Any


Provider = Callable[[HttpRequest], Part | None]


@dataclass(frozen=True)
class Guide:
    """`home` fills the middle of the home page, `bar` stands on every page, `menu` in the account's menu."""

    home: Provider
    bar: Provider
    menu: Provider


_guides: list[Guide] = []


def offer(guide: Guide) -> None:
    """Called once, from the ready() of an app above."""
    _guides.append(guide)


def guides() -> list[Guide]:
    return list(_guides)
