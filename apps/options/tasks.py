"""Thin tasks: load, call one service. Every one may run twice."""

from celery import shared_task
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.bookings.models import Booking
from apps.bookings.states import State as BookingState
from apps.options.models import Option
from apps.options.services.ending import settle
from apps.options.states import OPEN, State

BATCH = 200


@shared_task
def sweep() -> None:
    """Options whose days are over, challenges whose hours are over or whose challenger is gone, and submissions whose
    message was lost."""
    now = timezone.now()
    submitted = Booking.objects.filter(
        brand=OuterRef("brand"), twin=OuterRef("twin"), category=OuterRef("category"),
        submitted_at__gte=OuterRef("created_at"),
    ).exclude(state=BookingState.DRAFT)  # fmt: skip
    due = Option.objects.open().filter(
        Q(expires_at__lte=now)
        | Q(state=State.CHALLENGED, challenged_until__lte=now)
        | Q(state=State.CHALLENGED) & ~Q(challenger__state__in=OPEN)
        | Exists(submitted)
    )
    for option in due.order_by("expires_at")[:BATCH]:
        settle(option=option)
