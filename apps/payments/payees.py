"""Who is paid: a model, an agency or one of a crew, as Stripe has to know them."""

from dataclasses import dataclass

from django.urls import reverse

from apps.accounts.models import User
from apps.common.refs import parse_ref
from apps.crew.models import CrewMember
from apps.organizations.models import Organization
from apps.talent.models import Talent

KEEP_THE_MONEY = ("owner", "accountant")


@dataclass(frozen=True)
class Payee:
    """`email` is where Stripe writes to, `told` are the people whom we tell."""

    party: str
    name: str
    country: str
    email: str
    told: list[User]

    @property
    def page(self) -> str:
        """Where she sees how far her account is."""
        return reverse("crew_page" if self.party.startswith("crew:") else "payouts")


def payee_of(party: str) -> Payee:
    """Raises ValueError for a party that is nobody's to pay."""
    if party.startswith("talent:"):
        talent = Talent.objects.select_related("user").get(pk=parse_ref(party, "talent"))
        email = talent.user.email if talent.user else ""
        return Payee(party, talent.stage_name, talent.country, email, talent.people)
    if party.startswith("crew:"):
        member = CrewMember.objects.select_related("user").get(pk=parse_ref(party, "crew"))
        return Payee(party, member.name, member.country, member.email, [member.user] if member.user else [])
    agency = Organization.objects.get(pk=parse_ref(party, "org"))
    keepers = User.objects.filter(
        memberships__organization=agency, memberships__role__in=KEEP_THE_MONEY, is_active=True
    )
    told = list(keepers.order_by("memberships__created_at"))
    email = agency.contact_email or next((keeper.email for keeper in told), "")
    return Payee(party, agency.legal_name, agency.country, email, told)
