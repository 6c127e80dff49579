"""`manage.py demonstration_accounts [--json]`: who can sign in to the demonstration."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.demonstration.entrances import entrances
from apps.demonstration.programme import PASSWORD, address


class Command(BaseCommand):
    help = "List the demonstration's accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON list instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            {"account": e.account, "email": address(e.account), "password": PASSWORD, "name": e.name, "role": e.role}
            for e in entrances()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['email']:34} {row['password']:22} {row['name']}, {row['role']}")
