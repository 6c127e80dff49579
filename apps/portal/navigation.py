"""The few places each kind of actor goes to: the same list makes the bar, the phone's tab bar and the current mark."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Place:
    """One entry; `urls` are the names of all pages that count as being there, the first is where it leads."""

    label: str
    icon: str
    urls: tuple[str, ...]

    @property
    def href(self) -> str:
        return reverse(self.urls[0])


NAVIGATION: dict[str, tuple[Place, ...]] = {}


def places(kind: str, url_name: str) -> list[dict[str, object]]:
    """The entries of this kind of actor, the current one marked."""
    return [
        {"label": place.label, "icon": place.icon, "href": place.href, "current": url_name in place.urls}
        for place in NAVIGATION.get(kind, ())
    ]
