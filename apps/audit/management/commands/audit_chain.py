"""`manage.py audit_chain [--json]`: is the audit chain whole? Exit 1 when it is not."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.audit.services import verify_chain


class Command(BaseCommand):
    help = "Verifies the whole audit chain; exits with 1 and names the first break when it is not whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="write one JSON object instead of a sentence")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_chain()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        elif report.ok:
            self.stdout.write(f"The chain is whole: {report.events} events, {report.erased} payloads erased.")
        else:
            self.stderr.write(f"The chain is broken: {report.problem}.")
        if not report.ok:
            sys.exit(1)
