"""Receipts: she keeps a copy of each consent that she gave, and of each that she took back (GDPR art. 7)."""

from datetime import UTC

from django.urls import reverse

from apps.common.wording import Code, say
from apps.consents.models import Consent
from apps.notifications.services import notify


def tell_of_grant(consent: Consent) -> None:
    """With the way to the certificate of the very text that she signed."""
    ends_on = consent.ends_at.astimezone(UTC).date()
    what = say("consent.given", purpose=Code("purpose", consent.purpose), day=ends_on)
    url = reverse("certificate", args=[consent.signature_id])
    notify(to=consent.talent.party, what=what, url=url, people=consent.talent.people)


def tell_of_withdrawal(consent: Consent) -> None:
    what = say("consent.withdrawn", purpose=Code("purpose", consent.purpose))
    notify(to=consent.talent.party, what=what, url=reverse("my_twin"), people=consent.talent.people)
