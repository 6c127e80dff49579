"""Who looked at her pictures and who downloaded them, as the model reads it (product.md: access log; GDPR art. 15)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from apps.accounts.actor import Actor
from apps.bookings.models import Download, PictureView
from apps.common.refs import parse_ref
from apps.media.models import StoredFile
from apps.portal.pictures import thumbnail

VIEWS = {"": "Looked at", "downloads": "Downloaded"}


@dataclass(frozen=True)
class LogRow:
    """One row of the page, whichever of the two it tells of."""

    row: PictureView | Download
    thumb: str
    brand: str
    title: str


def seen_rows(actor: Actor) -> QuerySet[PictureView]:
    """One for each picture, person and day."""
    rows = PictureView.objects.filter(review__booking__twin__talent=parse_ref(actor.party, "talent"))
    return rows.select_related("user", "review__look", "review__booking__brand", "review__candidate__file")


def downloaded_rows(actor: Actor) -> QuerySet[Download]:
    rows = Download.objects.filter(deliverable__licence__twin__talent=parse_ref(actor.party, "talent"))
    return rows.select_related("user", "deliverable__file", "deliverable__review__look", "deliverable__licence__brand")


def log_row(row: PictureView | Download) -> LogRow:
    if isinstance(row, Download):
        deliverable = row.deliverable
        file: StoredFile | None = deliverable.file
        return LogRow(row, thumbnail(file), deliverable.licence.brand.name, deliverable.review.look.title)
    review = row.review
    return LogRow(row, thumbnail(review.candidate.file), review.booking.brand.name, review.look.title)
