"""What the pages show of conversations, each in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.conversations.models import Attachment, Message, ReadMark, Thread
from apps.conversations.seats import Seat, is_seated, may_read, other_side, seats_at, threads_of
from apps.conversations.services.writing import DELETE_WITHIN

MOST_SHOWN = 100  # at once: the newest, or those before a number
SHORT = 120


@dataclass(frozen=True)
class Line:
    """One message as this reader sees it."""

    message: Message
    mine: bool
    writer: str
    attachments: list[Attachment]
    deletable: bool


@dataclass(frozen=True)
class Talk:
    """One conversation as this reader sees it. `mark` changes whenever something of it does."""

    booking: Booking
    between: str
    other: Seat
    lines: list[Line]
    earlier: int  # how many stand before these
    later: bool  # newer ones stand behind these
    read_at: datetime | None  # when the other side had read my last message
    mark: str

    @property
    def first_number(self) -> int:
        return self.lines[0].message.number if self.lines else 0

    @property
    def last_number(self) -> int:
        return self.lines[-1].message.number if self.lines else 0


def talk_of(actor: Actor, booking: Booking, between: str, *, before: int = 0) -> Talk:
    """Seven queries, whatever was written. Entry: the actor has a seat here. `before` a number of a message: those that
    stand just before it."""
    other = other_side(booking, between, actor.party)
    thread = Thread.objects.filter(booking=booking, between=between).first()
    rows = list(_newest(thread, before)) if thread else []
    rows.reverse()
    names = {seat.party: seat.name for seat in seats_at(booking, between)}
    marks = list(thread.marks.all()) if thread else []
    lines = [_line(row, actor, names) for row in rows]
    return Talk(
        booking=booking,
        between=between,
        other=other,
        lines=lines,
        earlier=rows[0].number - 1 if rows else 0,
        later=bool(thread and rows and rows[-1].number < thread.last_number),
        read_at=_read_at(lines, marks, other),
        mark=_mark(rows, marks, other),
    )


def unread_by_booking(actor: Actor | None, bookings: Iterable[UUID]) -> dict[UUID, int]:
    """How many messages of others she has not read, for each of these bookings that has any. One query."""
    if actor is None or not may_read(actor):
        return {}
    rows = unread_of(actor).filter(thread__booking__in=list(bookings)).order_by()
    return dict(rows.values_list("thread__booking").annotate(n=Count("pk")))


def unread_of(actor: Actor) -> QuerySet[Message]:
    """Every message to her party that this person has not read."""
    mark = ReadMark.objects.filter(thread=OuterRef("thread"), user=actor.user_id, party=actor.party).values("number")
    rows = Message.objects.filter(thread__in=Thread.objects.of(actor), deleted_at=None).exclude(party=actor.party)
    return rows.annotate(read=Coalesce(Subquery(mark[:1]), 0)).filter(number__gt=F("read"))


@dataclass(frozen=True)
class Door:
    """The way into one conversation from its booking's page."""

    between: str
    other: Seat
    unread: int


def doors_of(actor: Actor | None, booking: Booking) -> list[Door]:
    """Those in which this actor sits; one query."""
    if actor is None or not may_read(actor):
        return []
    seated = [between for between in threads_of(booking) if is_seated(actor, booking, between)]
    rows = unread_of(actor).filter(thread__booking=booking).order_by() if seated else Message.objects.none()
    unread = dict(rows.values_list("thread__between").annotate(n=Count("pk")))
    return [Door(between, other_side(booking, between, actor.party), unread.get(between, 0)) for between in seated]


@dataclass(frozen=True)
class Row:
    """One conversation in the list."""

    thread: Thread
    other: Seat
    last: str
    unread: int


def threads_page(actor: Actor, *, unread_only: bool) -> QuerySet[Thread]:
    """Her conversations, the latest first."""
    rows = Thread.objects.of(actor).select_related("booking__brand", "booking__agency", "booking__twin__talent")
    unread = unread_of(actor).order_by().values("thread").annotate(n=Count("pk")).filter(thread=OuterRef("pk"))
    rows = rows.annotate(unread=Coalesce(Subquery(unread.values("n")[:1]), 0))
    return rows.filter(unread__gt=0) if unread_only else rows


def rows_of(actor: Actor, threads: Iterable[Thread]) -> list[Row]:
    """One query more than the threads themselves."""
    shown = list(threads)
    wanted = Q(pk__in=[])
    for thread in shown:
        wanted |= Q(thread=thread, number=thread.last_number)
    last = {message.thread_id: message for message in Message.objects.filter(wanted)}
    return [
        Row(
            thread,
            other_side(thread.booking, thread.between, actor.party),
            _short(last.get(thread.pk), actor),
            thread.unread,  # type: ignore[attr-defined]
        )
        for thread in shown
    ]


def _short(message: Message | None, actor: Actor) -> str:
    if message is None or message.deleted_at:
        return "A message was deleted"
    said = message.body[:SHORT] or "Attached a file"
    return f"You: {said}" if message.party == actor.party else said


def _newest(thread: Thread, before: int) -> QuerySet[Message]:
    rows = thread.messages.select_related("writer").prefetch_related("attachments__file").order_by("-number")
    return (rows.filter(number__lt=before) if before else rows)[:MOST_SHOWN]


def _line(row: Message, actor: Actor, names: dict[str, str]) -> Line:
    own = row.writer_id == actor.user_id and row.party == actor.party
    person = str(row.writer) if row.writer else ""
    party = names.get(row.party, "")
    return Line(
        message=row,
        mine=row.party == actor.party,
        writer=party if not person or row.party.startswith("talent:") else f"{person}, {party}",
        attachments=[] if row.deleted_at else list(row.attachments.all()),
        deletable=own and row.deleted_at is None and timezone.now() - row.created_at <= DELETE_WITHIN,
    )


def _read_at(lines: list[Line], marks: list[ReadMark], other: Seat) -> datetime | None:
    mine = [line.message.number for line in lines if line.mine]
    if not mine:
        return None
    seen = [mark.read_at for mark in marks if mark.party == other.party and mark.number >= mine[-1]]
    return min(seen, default=None)


def _mark(rows: list[Message], marks: list[ReadMark], other: Seat) -> str:
    """Messages, deletions, attachments that were looked at, and how far the other side has read."""
    gone = sum(row.deleted_at is not None for row in rows)
    looked = sum(a.state != Attachment.State.WAITING for row in rows for a in row.attachments.all())
    read = max((mark.number for mark in marks if mark.party == other.party), default=0)
    return f"{rows[-1].number if rows else 0}.{gone}.{looked}.{read}"
