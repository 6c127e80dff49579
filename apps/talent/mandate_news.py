"""Notices about mandates. Each is written in the transaction of the act; mails follow its commit."""

from datetime import date

from django.urls import reverse

from apps.notifications.services import notify
from apps.organizations.models import Membership, Organization
from apps.talent.models import Mandate, MandateProposal, Talent

KEEP_THE_ROSTER = ("owner", "booker")


def tell_model(about: MandateProposal | Mandate, kind: str, title: str, body: str) -> None:
    """On her own page of this proposal, or of all her mandates."""
    url = reverse("proposal", args=[about.pk]) if isinstance(about, MandateProposal) else reverse("mandates")
    _tell(about.talent.party, kind, title, body, url, _address_of(about.talent))


def tell_agency(about: MandateProposal | Mandate, kind: str, title: str, body: str) -> None:
    url = f"{reverse('agency_mandates')}?model={about.talent.slug}"
    _tell(about.agency.party, kind, title, body, url, _addresses_of(about.agency))


def tell_of_end(mandate: Mandate, last_day: date, days: int) -> None:
    """Both sides, some time before: a mandate never goes on by itself (New York Fashion Workers Act)."""
    when = f"Its last day is {last_day:%-d %B %Y}. It does not go on by itself: a further term is a new proposal."
    tell_model(mandate, "mandate.ends", f"Your mandate with {mandate.agency.name} ends in {days} days", when)
    title = f"The mandate of {mandate.talent.stage_name} ends in {days} days"
    tell_agency(mandate, "mandate.ends", title, f"{when} Propose it in time.")


def _tell(party: str, kind: str, title: str, body: str, url: str, emails: list[str]) -> None:
    notify(to=party, kind=kind, title=title[:160], body=body, url=url, emails=emails)


def _address_of(talent: Talent) -> list[str]:
    return [talent.user.email] if talent.user else []


def _addresses_of(agency: Organization) -> list[str]:
    keepers = Membership.objects.filter(organization=agency, role__in=KEEP_THE_ROSTER, user__is_active=True)
    return list(keepers.values_list("user__email", flat=True))
