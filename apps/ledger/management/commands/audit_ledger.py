"""`manage.py audit_ledger`: is every cent where the entries say? Exit status 1 on any difference."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.ledger.services import LedgerAudit, audit


class Command(BaseCommand):
    help = "Compare the ledger's journals, entries, seals, balances and triggers with each other."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print exactly one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report = audit()
        self.stdout.write(as_json(report) if options["json"] else as_text(report))
        if not report.balanced:
            sys.exit(1)


def as_json(report: LedgerAudit) -> str:
    return json.dumps(
        {
            "balanced": report.balanced,
            "journals": report.journals,
            "entries": report.entries,
            "differences": [difference.as_json() for difference in report.differences],
        },
        ensure_ascii=False,
    )


def as_text(report: LedgerAudit) -> str:
    read = f"{report.journals:,} journals, {report.entries:,} entries read"
    if report.balanced:
        return f"The ledger is balanced: {read}, no differences."
    found = "\n".join(f"  {x.check}: {x.subject}: {x.found}" for x in report.differences)
    return f"{len(report.differences)} differences ({read}):\n{found}"
