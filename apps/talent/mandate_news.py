"""Notices about mandates. Each is written in the transaction of the act; mails follow its commit."""

from datetime import date

from django.urls import reverse

from apps.accounts.models import User
from apps.common.wording import Saying, say
from apps.notifications.services import notify
from apps.organizations.models import Organization
from apps.talent.models import Mandate, MandateProposal

KEEP_THE_ROSTER = ("owner", "booker")


def tell_model(about: MandateProposal | Mandate, what: Saying) -> None:
    """On her own page of this proposal, or of all her mandates."""
    url = reverse("proposal", args=[about.pk]) if isinstance(about, MandateProposal) else reverse("mandates")
    notify(to=about.talent.party, what=what, url=url, people=about.talent.people)


def tell_agency(about: MandateProposal | Mandate, what: Saying) -> None:
    url = f"{reverse('agency_mandates')}?model={about.talent.slug}"
    notify(to=about.agency.party, what=what, url=url, people=_keepers_of(about.agency))


def tell_of_signature(proposal: MandateProposal) -> None:
    """The agency, and the model herself, who finds the certificate of what she signed behind it."""
    agency, model, signature = proposal.agency, proposal.talent, proposal.signature
    tell_agency(proposal, say("mandate.signed", model=model.stage_name))
    if signature:
        url = reverse("certificate", args=[signature.pk])
        what = say("mandate.signed_by_you", agency=agency.name)
        notify(to=model.party, what=what, url=url, people=model.people)


def tell_of_end(mandate: Mandate, last_day: date, days: int) -> None:
    """Both sides, some time before: a mandate never goes on by itself (New York Fashion Workers Act)."""
    agency, model = mandate.agency.name, mandate.talent.stage_name
    tell_model(mandate, say("mandate.ends", agency=agency, count=days, day=last_day))
    tell_agency(mandate, say("mandate.ends_for_agency", model=model, count=days, day=last_day))


def _keepers_of(agency: Organization) -> list[User]:
    keepers = User.objects.filter(memberships__organization=agency, memberships__role__in=KEEP_THE_ROSTER)
    return list(keepers.order_by("email"))
