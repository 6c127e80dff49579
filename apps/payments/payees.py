"""Who is paid: a model or an agency, as Stripe has to know them."""

from dataclasses import dataclass

from apps.common.refs import parse_ref
from apps.organizations.models import Membership, Organization
from apps.talent.models import Talent

KEEP_THE_MONEY = ("owner", "accountant")


@dataclass(frozen=True)
class Payee:
    """`email` is where Stripe writes to, `told` are the addresses that we tell."""

    party: str
    name: str
    country: str
    email: str
    told: list[str]


def payee_of(party: str) -> Payee:
    """Raises ValueError for a party that is nobody's to pay."""
    if party.startswith("talent:"):
        talent = Talent.objects.select_related("user").get(pk=parse_ref(party, "talent"))
        email = talent.user.email if talent.user else ""
        return Payee(party, talent.stage_name, talent.country, email, [email] if email else [])
    agency = Organization.objects.get(pk=parse_ref(party, "org"))
    keepers = Membership.objects.filter(organization=agency, role__in=KEEP_THE_MONEY, user__is_active=True)
    told = list(keepers.order_by("created_at").values_list("user__email", flat=True))
    return Payee(party, agency.legal_name, agency.country, agency.contact_email or next(iter(told), ""), told)
