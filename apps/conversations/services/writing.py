"""Writing a message, and taking its text away again within ten minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import JSON, record
from apps.bookings.models import Booking
from apps.bookings.services.desks import stood_in
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.conversations import tasks
from apps.conversations.models import LONGEST_TEXT, Attachment, Message, Thread
from apps.conversations.seats import require_seat
from apps.media.services import delete, store

DELETE_WITHIN = timedelta(minutes=10)
MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf")
# For each person: more than anybody types, far less than a program sends.
PACE = ((timedelta(minutes=1), 10), (timedelta(hours=1), 120))


@dataclass(frozen=True)
class Upload:
    """One file as it came; nobody has looked into it yet."""

    name: str
    data: bytes


@transaction.atomic
def write(*, by: Actor, booking: Booking, between: str, text: str, uploads: Sequence[Upload] = ()) -> Message:
    """Exit: the message stands in its thread; its files are encrypted and wait for the task that looks at them.

    Nobody is mailed here: see digest. The audit event says who wrote where and when, never what. Raises NotAllowed,
    InvalidInput(field="text" or "uploads"), Refused (code "pace") for too many in too short a time.
    """
    require_seat(by, booking, between)
    body = _checked(text, uploads)
    _require_pace(by)
    Thread.objects.get_or_create(booking=booking, between=between)
    thread = Thread.objects.select_for_update().get(booking=booking, between=between)
    thread.last_number, thread.last_at = thread.last_number + 1, timezone.now()
    thread.save(update_fields=["last_number", "last_at"])
    message = Message.objects.create(
        thread=thread, number=thread.last_number, party=by.party, writer_id=by.user_id, body=body
    )
    for upload in uploads:
        _attach(message, upload, by.party, booking.twin.ref)
    payload: dict[str, JSON] = {
        "message": str(message.pk),
        "between": between,
        "number": message.number,
        "files": len(uploads),
    }
    payload |= stood_in(by, booking)
    record(kind="message.written", subject=booking.ref, by=by.label, payload=payload)
    return message


@transaction.atomic
def delete_message(*, by: Actor, message: Message) -> Message:
    """Only who wrote it, within ten minutes. Exit: text and files are gone, that there was a message stays.

    Raises NotAllowed, StaleState when it is too late or already deleted.
    """
    row = Message.objects.select_for_update(of=("self",)).select_related("thread__booking").get(pk=message.pk)
    if by.user_id is None or row.writer_id != by.user_id or row.party != by.party:
        raise NotAllowed("Only who wrote a message can delete it.")
    if row.deleted_at:
        raise StaleState("This message is already deleted.")
    now = timezone.now()
    if now - row.created_at > DELETE_WITHIN:
        raise StaleState("The ten minutes are over: the message stays.")
    row.body, row.deleted_at = "", now
    row.save(update_fields=["body", "deleted_at"])
    for attachment in row.attachments.select_related("upload", "file"):
        for file in (attachment.upload, attachment.file):
            if file is not None:
                delete(file)
    payload: dict[str, JSON] = {"message": str(row.pk), "between": row.thread.between, "number": row.number}
    record(kind="message.deleted", subject=row.thread.booking.ref, by=by.label, payload=payload)
    return row


def _checked(text: str, uploads: Sequence[Upload]) -> str:
    body = text.strip()
    if len(body) > LONGEST_TEXT:
        raise InvalidInput(f"At most {LONGEST_TEXT:,} characters; this has {len(body):,}.", field="text")
    if "\x00" in body:
        raise InvalidInput("The text holds a character that cannot be written.", field="text")
    if not body and not uploads:
        raise InvalidInput("Write something, or attach a file.", field="text")
    if len(uploads) > MOST_FILES:
        raise InvalidInput(f"At most {MOST_FILES} files with one message.", field="uploads")
    for upload in uploads:
        if Path(upload.name).suffix.lower() not in SUFFIXES:
            raise InvalidInput(f"{upload.name}: pictures (JPEG, PNG, WebP, HEIC) and PDFs only.", field="uploads")
        if not 0 < len(upload.data) <= MOST_BYTES:
            raise InvalidInput(f"{upload.name}: a file has between one byte and 10 MB.", field="uploads")
    return body


def _require_pace(by: Actor) -> None:
    now = timezone.now()
    for span, most in PACE:
        if Message.objects.filter(writer_id=by.user_id, created_at__gt=now - span).count() >= most:
            raise Refused("That was many messages in a short time. Please wait a little.", code="pace")


def _attach(message: Message, upload: Upload, owner: str, twin_ref: str) -> None:
    """The bytes rest encrypted until the task has looked at them; nobody gets them before."""
    file = store(
        data=upload.data,
        kind="message-upload",
        owner=owner,
        content_type="application/octet-stream",
        twin_ref=twin_ref,
    )
    made = Attachment.objects.create(message=message, name=Path(upload.name).name[-120:], upload=file)
    transaction.on_commit(partial(tasks.look_at.delay, str(made.pk)), robust=True)
