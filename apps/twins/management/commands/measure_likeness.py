"""Says how the likeness thresholds of the settings would judge the photographs of the twins at hand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.twins.measuring import measure, summarise


class Command(BaseCommand):
    help = "Measure the likeness thresholds over the stored capture sets, each photograph left out once."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = summarise(
                measure(),
                pass_at=settings.LIKENESS_PASS,
                margin=settings.LIKENESS_MARGIN,
                person_at=settings.LIKENESS_PERSON,
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        other = "none" if found.highest_other is None else f"{found.highest_other:.2f}"
        self.stdout.write(f"photographs {found.photographs}, lowest own {found.lowest_own:.2f}, highest other {other}")
        self.stdout.write(f"passed {found.passed}, to a person {found.to_a_person}, refused {found.refused}")
