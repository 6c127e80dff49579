"""News from the apps below: her twin is gone, or its photographs may not be kept any more."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.actor import Actor
from apps.archives.services import forget_all_of
from apps.consents.events import consent_withdrawn
from apps.consents.models import Consent, Purpose
from apps.twins.events import twin_erased
from apps.twins.models import Twin


@receiver(twin_erased, dispatch_uid="archives.twin_erased")
def forget(sender: type[Twin], twin: Twin, by: Actor, **news: Any) -> None:
    forget_all_of(twin=twin, by=by, why="the twin was erased")


@receiver(consent_withdrawn, dispatch_uid="archives.consent_withdrawn")
def forget_without_consent(sender: type[Consent], consent: Consent, by: Actor, **news: Any) -> None:
    """A copy of face and photographs stands under the scan consent as they do. She may ask for a new one."""
    if consent.purpose == Purpose.SCAN:
        for twin in Twin.objects.filter(talent=consent.talent):
            forget_all_of(twin=twin, by=by, why="the scan consent was withdrawn")
