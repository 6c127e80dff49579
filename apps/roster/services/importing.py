"""Taking an agency's list of people over from a CSV file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import BinaryIO, TypeAlias

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.roster.models import Invitation, RosterEntry
from apps.roster.services.checking import checked
from apps.roster.services.reading import COLUMNS, records

BATCH = 500  # rows read, compared and written together: the memory in use does not grow with the file's rows

Person: TypeAlias = dict[str, str | date]


@dataclass(frozen=True)
class Rejection:
    """The first thing wrong with a row; `field` is empty when it is the row as a whole."""

    row: int
    field: str
    error: str


@dataclass
class Report:
    """Every row that is not blank counts once: created, updated, unchanged or rejected."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)


@transaction.atomic
def import_roster(*, by: Actor, agency: Organization, file: BinaryIO, dry_run: bool = False) -> Report:
    """Bring the agency's roster up to the file, keyed by e-mail address; who is not in the file stays as she is.

    A new entry gets a pending invitation, which a task mails within minutes. Bad rows are reported and the others kept;
    a dry run reports the same and writes nothing. Of two rows with one address the first counts. Raises NotAllowed for
    anybody without the right to manage this roster, UnreadableFile for what is no roster as a whole: then nothing is
    kept.
    """
    by.require(Permission.MANAGE_ROSTER)
    if by.party != agency.party or agency.kind != Organization.Kind.AGENCY:
        raise NotAllowed("Only the agency itself fills its roster.")
    Organization.objects.select_for_update(no_key=True).get(pk=agency.pk)  # one import at a time
    report = Report()
    people = _good_rows(file, report)
    while batch := list(islice(people, BATCH)):
        _take(agency, batch, report, dry_run=dry_run)
    if not dry_run and (report.created or report.updated):
        counts = {"created": report.created, "updated": report.updated}
        record(kind="roster.imported", subject=agency.party, by=by.label, payload=counts)
    return report


def _good_rows(file: BinaryIO, report: Report) -> Iterator[Person]:
    """The people of the file; what is wrong goes to the report."""
    row_of: dict[str | date, int] = {}
    for row, values in records(file):
        report.rows += 1
        if values is None:
            report.rejected.append(Rejection(row, "", "There are more cells than columns: is a text without quotes?"))
            continue
        try:
            yield _person(row, values, row_of)
        except InvalidInput as error:
            report.rejected.append(Rejection(row, error.field or "", error.message))


def _person(row: int, values: dict[str, str], row_of: dict[str | date, int]) -> Person:
    """`row_of` remembers at which row an address stood first, good or not."""
    person: Person = {}
    for column in COLUMNS:
        try:
            person[column] = checked(column, values[column])
        except InvalidInput as error:
            raise InvalidInput(error.message, field=column) from error
        if column == "email" and row_of.setdefault(person[column], row) != row:
            raise InvalidInput(f"Row {row_of[person[column]]} has the same address.", field=column)
    return person


def _take(agency: Organization, people: list[Person], report: Report, *, dry_run: bool) -> None:
    emails = [person["email"] for person in people]
    known = {entry.email: entry for entry in RosterEntry.objects.filter(agency=agency, email__in=emails)}
    new = [RosterEntry(agency=agency, **person) for person in people if person["email"] not in known]
    changed = [
        entry for person in people if (entry := known.get(str(person["email"]))) is not None and _change(entry, person)
    ]
    report.created += len(new)
    report.updated += len(changed)
    report.unchanged += len(people) - len(new) - len(changed)
    if dry_run:
        return
    RosterEntry.objects.bulk_create(new)
    Invitation.objects.bulk_create(Invitation(entry=entry) for entry in new)
    RosterEntry.objects.bulk_update(changed, [column for column in COLUMNS if column != "email"])


def _change(entry: RosterEntry, person: Person) -> bool:
    """Whether the row says anything else than the entry, which then says the same."""
    different = {column: value for column, value in person.items() if getattr(entry, column) != value}
    for column, value in different.items():
        setattr(entry, column, value)
    return bool(different)
