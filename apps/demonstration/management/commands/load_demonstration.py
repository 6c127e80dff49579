"""`manage.py load_demonstration`: the programme's people and twins, and delivered bookings really made.

Goes on where an interrupted load ended; needs the running worker and GPU service.
"""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.demonstration.history import load_bookings
from apps.demonstration.people import approve_twin, load_parties, load_talent, load_twin
from apps.demonstration.programme import PEOPLE
from apps.twins.models import Twin, TwinVersion

PATIENCE_SECONDS = 900


class Command(BaseCommand):
    help = "Load the demonstration programme."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Only the demonstration loads demonstration data.")
        load_parties()
        self.stdout.write("Agencies, brands and the people who work there")
        for person in PEOPLE:
            load_talent(person)
            load_twin(person)
            self.stdout.write(f"{person.name}: consents signed, capture set handed over")
        self._approve_twins()
        load_bookings(say=self.stdout.write)

    def _approve_twins(self) -> None:
        """Each model approves her twin when the GPU service has looked at her photographs."""
        end = time.monotonic() + PATIENCE_SECONDS
        while open_twins := list(_unlisted()):
            for twin in open_twins:
                if approve_twin(twin):
                    self.stdout.write(f"{twin.talent.stage_name}: enrolled and approved")
                elif not twin.versions.exclude(state=TwinVersion.State.FAILED).exists():
                    self.stdout.write(f"{twin.talent.stage_name}: the enrolment failed; once more")
                    load_twin(next(person for person in PEOPLE if person.slug == twin.talent.slug))
            if time.monotonic() > end:
                raise CommandError("The GPU service did not enrol every twin in time.")
            time.sleep(0.5)


def _unlisted() -> Any:
    waiting = [Twin.State.PREPARING, Twin.State.AWAITING_APPROVAL]
    return Twin.objects.filter(state__in=waiting, talent__synthetic=True).select_related("talent__user")
