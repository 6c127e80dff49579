"""A CSV file from the browser: sent, taken over or put away. The work on it is done by tasks: see taking."""

from functools import partial

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.media.services import delete, store
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.roster import tasks
from apps.roster.models import RosterUpload

LARGEST = 5 * 1024 * 1024  # bytes; some 40,000 rows
State = RosterUpload.State


@transaction.atomic
def send_file(*, by: Actor, agency: Organization, name: str, data: bytes) -> RosterUpload:
    """Keep the file and have it checked. Exit: checking. Raises NotAllowed, InvalidInput(field="file")."""
    _require_roster(by, agency)
    if not data:
        raise InvalidInput("The file is empty.", field="file")
    if len(data) > LARGEST:
        raise InvalidInput("The file is larger than 5 MB. Send it in parts.", field="file")
    file = store(data=data, kind="roster_upload", owner=agency.party, content_type="text/csv")
    upload = RosterUpload.objects.create(
        agency=agency, file=file, name=name[:120] or "roster.csv", sent_by_id=by.user_id
    )
    transaction.on_commit(partial(tasks.check_upload.delay, str(upload.pk)))
    record(kind="roster.file_sent", subject=agency.party, by=by.label, payload={"sha256": file.sha256})
    return upload


@transaction.atomic
def take_over(*, by: Actor, upload: RosterUpload) -> None:
    """Import it. Entry: checked; exit: importing. Raises NotAllowed, StaleState for a second press."""
    _require_roster(by, upload.agency)
    if not RosterUpload.objects.filter(pk=upload.pk, state=State.CHECKED).update(state=State.IMPORTING):
        raise StaleState("This file is taken over or put away already.")
    transaction.on_commit(partial(tasks.import_upload.delay, str(upload.pk)))
    record(kind="roster.file_confirmed", subject=upload.agency.party, by=by.label, payload={"upload": str(upload.pk)})


@transaction.atomic
def put_away(*, by: Actor, upload: RosterUpload) -> None:
    """Forget the file. Entry: checked or unusable. Raises NotAllowed, StaleState."""
    _require_roster(by, upload.agency)
    open_rows = RosterUpload.objects.select_for_update().filter(pk=upload.pk, state__in=[State.CHECKED, State.UNUSABLE])
    row = open_rows.first()
    if row is None:
        raise StaleState("This file is taken over or put away already.")
    file = row.file
    row.delete()
    delete(file)
    record(kind="roster.file_put_away", subject=upload.agency.party, by=by.label, payload={"sha256": file.sha256})


def _require_roster(by: Actor, agency: Organization) -> None:
    by.require(Permission.MANAGE_ROSTER)
    if by.party != agency.party:
        raise NotAllowed("Only the agency itself fills its roster.")
