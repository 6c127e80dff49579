"""Licences in lists: each with the first of its delivered pictures."""

from typing import Any

from django.db.models import Prefetch

from apps.bookings.models import Deliverable, Licence
from apps.media.models import StoredFile


def first_picture() -> "Prefetch[Any]":
    """Fetches one delivered picture beside each licence, as `licence.first`."""
    pictures = Deliverable.objects.select_related("file").order_by("created_at")[:1]
    return Prefetch("deliverables", queryset=pictures, to_attr="first")


def first_file(licence: Licence) -> StoredFile | None:
    """Needs `first_picture()` on the queryset."""
    found: list[Deliverable] = getattr(licence, "first", [])
    return found[0].file if found else None
