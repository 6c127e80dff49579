"""Telling the other side of what it has not read: one mail for a thread and quiet period, never one for each message.

A conversation that rests for ten minutes is told; one that does not rest, every half hour. Whoever has read meanwhile
is not written to. No word of a message leaves the portal.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.bookings.services.desks import people_for
from apps.common.wording import say
from apps.conversations.models import Message, ReadMark, Thread
from apps.conversations.seats import READS, Seat, other_side
from apps.notifications.services import notify

QUIET = timedelta(minutes=10)
LONGEST = timedelta(minutes=30)
BATCH = 200


def tell_due() -> int:
    """Tells every thread that is due. Answers how many were looked at."""
    now = timezone.now()
    waiting = Message.objects.filter(told_at=None).values("thread", "party").order_by()
    due = waiting.annotate(first=Min("created_at"), last=Max("created_at")).filter(
        Q(last__lte=now - QUIET) | Q(first__lte=now - LONGEST)
    )
    rows = list(due[:BATCH])
    for row in rows:
        _tell(row["thread"], row["party"])
    return len(rows)


@transaction.atomic
def _tell(thread_id: UUID, writer_party: str) -> None:
    """Two beats at once tell once: the thread's row is locked, and what is told is marked in the same transaction."""
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    untold = list(thread.messages.filter(party=writer_party, told_at=None))
    Message.objects.filter(pk__in=[message.pk for message in untold]).update(told_at=timezone.now())
    booking = type(thread.booking).objects.with_parties().get(pk=thread.booking_id)
    to = other_side(booking, thread.between, writer_party)
    writer = other_side(booking, thread.between, to.party)
    numbers = [message.number for message in untold if message.deleted_at is None]
    people = people_for(to.party, booking, permission=READS[to.kind])
    readers = [person for person in people if _unread(thread, person, to, numbers)]
    if not readers:
        return
    count = max(_unread(thread, person, to, numbers) for person in readers)
    what = say("message.waiting", writer=writer.name, booking=booking.title, count=count)
    notify(to=to.party, what=what, url=reverse("conversation", args=[booking.pk, thread.between]), people=readers)


def _unread(thread: Thread, person: User, seat: Seat, numbers: list[int]) -> int:
    mark = ReadMark.objects.filter(thread=thread, user=person, party=seat.party).first()
    return sum(number > (mark.number if mark else 0) for number in numbers)
