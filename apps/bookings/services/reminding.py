"""Two reminders before silence ends something: at half time and six hours before, once each, to whose turn it is."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.choice import choice_ends_at
from apps.bookings.models import Booking, Reminder, Review
from apps.bookings.services.access import locked
from apps.bookings.services.news import tell_about_deadline
from apps.bookings.states import State
from apps.bookings.terms import proposal_of
from apps.bookings.times import CHOICE_WINDOW, LAST_REMINDER, PICTURE_WINDOW, WINDOWS
from apps.bookings.turns import waits_for
from apps.common.wording import Saying, say

HOUR = timedelta(hours=1)


@transaction.atomic
def remind(*, booking: Booking) -> Booking:
    """Remind those whose turn it is, where a reminder is due. Entry and exit: any state. Idempotent, for the sweep.

    A sweep that slept over half time sends the last reminder alone.
    """
    row = locked(booking)
    now = timezone.now()
    deadline, window, parties = _waiting(row)
    if deadline is None or deadline <= now or not parties:
        return row
    due = [kind for kind, at in due_at(deadline, window).items() if at <= now]
    new = [kind for kind in due if not _sent(row, deadline, kind)]
    if not new:
        return row
    for kind in new:
        Reminder.objects.create(booking=row, deadline_at=deadline, kind=kind)
    record(kind="booking.reminded", subject=row.ref, by=Actor.SYSTEM.label, payload={"reminder": new[-1]})
    tell_about_deadline(row, parties, _words(row, -((now - deadline) // HOUR)))
    return row


def due_at(deadline: datetime, window: timedelta) -> dict[str, datetime]:
    """When each reminder is due, in order."""
    return {Reminder.Kind.HALF.value: deadline - window / 2, Reminder.Kind.LAST.value: deadline - LAST_REMINDER}


def _waiting(row: Booking) -> tuple[datetime | None, timedelta, list[str]]:
    """The deadline, how long it was, and who is awaited. Of several pictures the first that lapses."""
    if row.state != State.IN_REVIEW:
        return row.deadline_at, WINDOWS.get(State(row.state), timedelta(0)), waits_for(row)
    waiting = row.reviews.filter(decision=Review.Decision.WAITING).order_by("deadline_at").first()
    if waiting is None:
        return choice_ends_at(row), CHOICE_WINDOW, [row.brand.party]
    return waiting.deadline_at, PICTURE_WINDOW, [row.twin.talent.party]


def _sent(row: Booking, deadline: datetime, kind: str) -> bool:
    """For pictures, which come one after the other, one reminder speaks for all that lapse within its hours."""
    rows = row.reminders.filter(kind=kind)
    if row.state == State.IN_REVIEW:
        return rows.filter(deadline_at__gt=deadline - PICTURE_WINDOW / 2).exists()
    return rows.filter(deadline_at=deadline).exists()


def _words(row: Booking, hours: int) -> Saying:
    brand, model = row.brand.name, row.twin.talent.stage_name
    if row.state == State.SUBMITTED:
        return say("booking.remind_answer", brand=brand, count=hours)
    if row.state == State.PROPOSING and proposal_of(row) is None:
        return say("booking.remind_propose", brand=brand, count=hours)
    if row.state == State.PROPOSING:
        return say("booking.remind_sign", brand=brand, count=hours)
    if row.state == State.COUNTERED:
        return say("booking.remind_counter", model=model, count=hours)
    if row.state == State.AGREED:
        return say("booking.remind_pay", model=model, count=hours)
    if choice_ends_at(row) is not None:
        return say("booking.remind_choose", model=model, count=hours)
    return say("booking.remind_pictures", brand=brand, count=hours)
