"""News from the apps below: a capture set that waits for its enrolment."""

from typing import Any

from django.dispatch import receiver

from apps.generation.services import order_enrolment
from apps.twins.events import enrolment_asked
from apps.twins.models import TwinVersion


@receiver(enrolment_asked, dispatch_uid="generation.enrolment_asked")
def enrol(sender: type[TwinVersion], version: TwinVersion, **news: Any) -> None:
    order_enrolment(version=version)
