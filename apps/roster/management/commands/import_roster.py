"""`manage.py import_roster FILE --agency SLUG [--dry-run] [--json]`: an agency's people from a CSV file.

Exit 1 when a row was rejected, 2 for an agency or a file that cannot be used at all.
"""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.actor import Actor
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.roster.services.importing import Report, import_roster
from apps.roster.services.reading import COLUMNS, UnreadableFile

UNUSABLE = 2


class Command(BaseCommand):
    help = f"Fill an agency's roster from a CSV file with the columns {', '.join(COLUMNS)}; new people are invited."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="write one JSON object instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Organization.objects.filter(kind=Organization.Kind.AGENCY, slug=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency “{options['agency']}”.", returncode=UNUSABLE)
        by = replace(Actor.SYSTEM, party=agency.party, permissions=frozenset({Permission.MANAGE_ROSTER}))
        try:
            with options["file"].open("rb") as file:
                report = import_roster(by=by, agency=agency, file=file, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.", returncode=UNUSABLE) from error
        except UnreadableFile as error:
            raise CommandError(f"{options['file']}: {error.message}", returncode=UNUSABLE) from error
        self.stdout.write(json.dumps(asdict(report), ensure_ascii=False) if options["json"] else _sentences(report))
        if report.rejected:
            sys.exit(1)


def _sentences(report: Report) -> str:
    counts = f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged"
    lines = [f"{report.rows} rows: {counts}, {len(report.rejected)} rejected."]
    lines += [f"Row {r.row}, {r.field or 'as a whole'}: {r.error}" for r in report.rejected]
    return "\n".join(lines)
