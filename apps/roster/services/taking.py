"""What workers do with a CSV file from the browser: read it without writing anything, and later take it over."""

import io
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from apps.accounts.actor import Actor
from apps.media.services import delete, read
from apps.organizations.permissions import Permission
from apps.roster.models import RosterUpload
from apps.roster.services.importing import import_roster
from apps.roster.services.reading import UnreadableFile

State = RosterUpload.State


def check(upload_id: UUID | str) -> None:
    """A dry run. Entry: checking; exit: checked, or unusable with the problem. Can be repeated."""
    upload = _in_state(upload_id, State.CHECKING)
    if upload is None:
        return
    try:
        report = import_roster(
            by=_importer(upload), agency=upload.agency, file=io.BytesIO(read(upload.file)), dry_run=True
        )
    except UnreadableFile as error:
        _move(upload, State.CHECKING, state=State.UNUSABLE, problem=error.message)
    else:
        _move(upload, State.CHECKING, state=State.CHECKED, report=asdict(report))


@transaction.atomic
def take(upload_id: UUID | str) -> None:
    """Import the good rows. Entry: importing; exit: done, the file deleted. Can be repeated: it happens once."""
    row = RosterUpload.objects.select_for_update(of=("self",)).select_related("agency", "file")
    upload = row.filter(pk=upload_id, state=State.IMPORTING).first()
    if upload is None:
        return
    report = import_roster(by=_importer(upload), agency=upload.agency, file=io.BytesIO(read(upload.file)))
    _move(upload, State.IMPORTING, state=State.DONE, report=asdict(report))
    delete(upload.file)


def _in_state(upload_id: UUID | str, state: str) -> RosterUpload | None:
    return RosterUpload.objects.select_related("agency", "file").filter(pk=upload_id, state=state).first()


def _move(upload: RosterUpload, entry: str, **changes: object) -> None:
    RosterUpload.objects.filter(pk=upload.pk, state=entry).update(**changes)


def _importer(upload: RosterUpload) -> Actor:
    """Whoever sent the file, doing what she confirmed; her right to it was asked when she pressed."""
    return Actor(
        user_id=upload.sent_by_id,
        party=upload.agency.party,
        kind="agency",
        name="",
        permissions=frozenset({Permission.MANAGE_ROSTER}),
    )
