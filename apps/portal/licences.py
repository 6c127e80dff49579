"""Licences in lists: each with the first of its delivered pictures."""

from typing import Any

from django.db.models import Prefetch

from apps.accounts.actor import Actor
from apps.bookings.models import Deliverable, Licence
from apps.media.models import StoredFile
from apps.portal.pictures import thumbnail

NEXT_SHOWN = 6


def first_picture() -> "Prefetch[Any]":
    """Fetches one delivered picture beside each licence, as `licence.first`."""
    pictures = Deliverable.objects.select_related("file").order_by("created_at")[:1]
    return Prefetch("deliverables", queryset=pictures, to_attr="first")


def first_file(licence: Licence) -> StoredFile | None:
    """Needs `first_picture()` on the queryset."""
    found: list[Deliverable] = getattr(licence, "first", [])
    return found[0].file if found else None


def next_to_end(actor: Actor) -> list[tuple[Licence, str]]:
    """The licences in force that end first, each with a small picture. Two queries."""
    active = Licence.objects.visible_to(actor).filter(state=Licence.State.ACTIVE)
    shown = active.select_related("brand", "booking", "twin__talent").prefetch_related(first_picture())
    return [(licence, thumbnail(first_file(licence))) for licence in shown.order_by("ends_on", "pk")[:NEXT_SHOWN]]
