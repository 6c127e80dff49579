"""`manage.py state_machine [--json | --markdown]`: the way of a booking, from the table that moves it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.bookings.guide import markdown
from apps.bookings.table import STEPS, as_json


class Command(BaseCommand):
    help = "Show the state machine of a booking."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one JSON object instead of text")
        form.add_argument("--markdown", action="store_true", help="the text of docs/state-machine.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(as_json(), indent=1))
            return
        if options["markdown"]:
            self.stdout.write(markdown(), ending="")
            return
        for step in STEPS:
            sources = ", ".join(step.sources)
            guards = ", ".join(guard.__name__ for guard in step.guards)
            self.stdout.write(f"{step.action:18} {sources} → {step.target}   by {step.permission}   if {guards}")
