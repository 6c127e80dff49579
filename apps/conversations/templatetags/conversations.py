"""Conversations on the pages of bookings, which lie below this app and know nothing of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import template
from django.template import Context

from apps.bookings.models import Booking
from apps.conversations.selectors import Door, doors_of, unread_by_booking

register = template.Library()


@register.simple_tag(takes_context=True)
def conversations_of(context: Context, booking: Booking) -> list[Door]:
    """`{% conversations_of booking as doors %}`: the ones in which this reader sits. One query."""
    return doors_of(context.get("actor"), booking)


@register.simple_tag(takes_context=True)
def unread_messages_in(context: Context, rows: Iterable[Any]) -> dict[UUID, int]:
    """`{% unread_messages_in rows as unread %}`: of bookings, or of rows that have one. One query."""
    return unread_by_booking(context.get("actor"), [getattr(row, "booking", row).pk for row in rows])


@register.filter
def of_booking(unread: dict[UUID, int], booking: Booking) -> int:
    return unread.get(booking.pk, 0)
