"""News from the apps below: a capture set that waits for its enrolment, a version for its test sheet, a no."""

from typing import Any

from django.dispatch import receiver

from apps.consents.events import consent_withdrawn
from apps.consents.models import Consent
from apps.generation.authorisation import ENROL_PURPOSES
from apps.generation.services import forget_sheet, order_enrolment, order_sheet, stop_sheets
from apps.twins.events import enrolment_asked, twin_erased, version_rejected, version_trained
from apps.twins.models import Twin, TwinVersion


@receiver(enrolment_asked, dispatch_uid="generation.enrolment_asked")
def enrol(sender: type[TwinVersion], version: TwinVersion, **news: Any) -> None:
    order_enrolment(version=version)


@receiver(version_trained, dispatch_uid="generation.version_trained")
def test(sender: type[TwinVersion], version: TwinVersion, **news: Any) -> None:
    order_sheet(version=version)


@receiver(version_rejected, dispatch_uid="generation.version_rejected")
def forget(sender: type[TwinVersion], version: TwinVersion, **news: Any) -> None:
    forget_sheet(version=version)


@receiver(consent_withdrawn, dispatch_uid="generation.consent_withdrawn")
def stop(sender: type[Consent], consent: Consent, **news: Any) -> None:
    if consent.purpose in ENROL_PURPOSES:
        stop_sheets(talent=consent.talent)


@receiver(twin_erased, dispatch_uid="generation.twin_erased")
def stop_for_good(sender: type[Twin], twin: Twin, **news: Any) -> None:
    stop_sheets(talent=twin.talent)
