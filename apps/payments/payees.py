"""Who is paid: a model or an agency, as Stripe has to know them."""

from dataclasses import dataclass

from apps.accounts.models import User
from apps.common.refs import parse_ref
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


def payee_of(party: str) -> Payee:
    """Raises ValueError for a party that is nobody's to pay."""
    if party.startswith("talent:"):
        talent = Talent.objects.select_related("user").get(pk=parse_ref(party, "talent"))
        email = talent.user.email if talent.user else ""
        return Payee(party, talent.stage_name, talent.country, email, talent.people)
    agency = Organization.objects.get(pk=parse_ref(party, "org"))
    keepers = User.objects.filter(
        memberships__organization=agency, memberships__role__in=KEEP_THE_MONEY, is_active=True
    )
    told = list(keepers.order_by("memberships__created_at"))
    email = agency.contact_email or next((keeper.email for keeper in told), "")
    return Payee(party, agency.legal_name, agency.country, email, told)
