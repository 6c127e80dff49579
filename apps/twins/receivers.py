"""News from the apps below: she took her consent to be shown back."""

from typing import Any

from django.dispatch import receiver

from apps.consents.events import consent_withdrawn
from apps.consents.models import Consent, Purpose
from apps.twins.services import take_cover_away


@receiver(consent_withdrawn, dispatch_uid="twins.consent_withdrawn")
def hide(sender: type[Consent], consent: Consent, **news: Any) -> None:
    if consent.purpose == Purpose.PROMOTE:
        take_cover_away(talent=consent.talent)
