"""The access log of a model's pictures: who of a brand saw which, day by day (GDPR art. 15; product.md, access log)."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import PictureView, Review

KEPT = timedelta(days=730)


def note_views(*, by: Actor, reviews: Iterable[Review]) -> None:
    """One row for each picture, person and day; the second look of a day adds none. Only brand people are written down:
    the model knows that she looked herself, and her agency sees only what she asks it about."""
    if by.kind != "brand" or by.user_id is None:
        return
    today = timezone.now().date()
    rows = [PictureView(review=review, user_id=by.user_id, party=by.party, day=today) for review in reviews]
    PictureView.objects.bulk_create(rows, ignore_conflicts=True)


def forget_views() -> int:
    """Rows older than two years go. Returns how many."""
    return PictureView.objects.filter(day__lt=timezone.now().date() - KEPT).delete()[0]
