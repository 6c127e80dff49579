"""What was attached, looked at by a task: a picture becomes a clean one of ours, a PDF stays if nothing in it acts."""

from pathlib import Path
from uuid import UUID

from django.db import transaction

from apps.common.errors import DomainError, InvalidInput
from apps.conversations.models import Attachment
from apps.integrations.pdf.inert import Active, require_inert
from apps.media.models import StoredFile
from apps.media.services import delete, read, store
from apps.media.uploads import sanitise

State = Attachment.State
PDF = b"%PDF-"
SUFFIX_OF = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


@transaction.atomic
def look_at(*, attachment_id: UUID | str) -> None:
    """Entry: waiting; exit: kept, or refused with a reason; the bytes that came are deleted.

    Repeating it, or two workers at it, changes nothing: the row is locked and looked at once.
    """
    rows = Attachment.objects.select_for_update(of=("self",)).filter(pk=attachment_id, state=State.WAITING)
    row = rows.select_related("message", "upload").first()
    if row is None or row.upload is None or row.message.deleted_at:
        return
    try:
        with transaction.atomic():
            row.file = _kept(row.upload)
        row.state, row.name = State.KEPT, _named(row.name, row.file)
    except DomainError as error:
        row.state, row.reason = State.REFUSED, error.message[:300]
    row.save(update_fields=["state", "reason", "file", "name"])
    delete(row.upload)


def _kept(upload: StoredFile) -> StoredFile:
    """By what the bytes are, whatever the name says. Raises InvalidInput."""
    raw = read(upload)
    data, content_type = _pdf(raw) if raw.startswith(PDF) else _picture(raw)
    return store(data=data, kind="message", owner=upload.owner, content_type=content_type, twin_ref=upload.twin_ref)


def _picture(raw: bytes) -> tuple[bytes, str]:
    clean = sanitise(raw)
    return clean.data, clean.content_type


def _pdf(raw: bytes) -> tuple[bytes, str]:
    try:
        require_inert(raw)
    except Active as error:
        raise InvalidInput(str(error)) from error
    return raw, "application/pdf"


def _named(name: str, file: StoredFile) -> str:
    """Ends as what the file has become."""
    return str(Path(name).with_suffix(SUFFIX_OF[file.content_type]))
