"""What the other side is told of a price, in the portal and by mail."""

from decimal import Decimal

from babel.numbers import get_currency_precision
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.notifications.services import notify
from apps.organizations.models import Membership, Organization
from apps.talent.models import Mandate, Talent

KIND = "pricing.day_rate"
HERS = "Your day rate is {amount}"
THEIRS = "The day rate of {model} is {amount}"
SET_BY_AGENCY = "{agency} set it. It counts for every price from now on; terms that exist keep theirs."
SET_BY_HER = "She set it herself. It counts for every price from now on; terms that exist keep theirs."
KEEP_THE_ROSTER = ("owner", "booker")


def tell_about_day_rate(talent: Talent, rate: Money, by: Actor) -> None:
    """The model, when an agency set it; her agencies, when she did."""
    amount = _words(rate)
    if by.party != talent.party:
        who = Organization.objects.get(pk=parse_ref(by.party, "org")).name if by.kind == "agency" else by.name
        body = SET_BY_AGENCY.format(agency=who)
        emails = [talent.user.email] if talent.user else []
        notify(to=talent.party, kind=KIND, title=HERS.format(amount=amount), body=body, url=reverse("day_rate"),
               emails=emails)  # fmt: skip
        return
    running = Mandate.objects.filter(talent=talent).running_on(timezone.now().date()).select_related("agency")
    for agency in {mandate.agency for mandate in running}:
        keepers = Membership.objects.filter(organization=agency, role__in=KEEP_THE_ROSTER, user__is_active=True)
        notify(
            to=agency.party,
            kind=KIND,
            title=THEIRS.format(model=talent.stage_name, amount=amount),
            body=SET_BY_HER,
            url=reverse("roster_rate", args=[talent.slug]),
            emails=list(keepers.values_list("user__email", flat=True)),
        )


def _words(rate: Money) -> str:
    return f"{Decimal(rate.amount_minor).scaleb(-get_currency_precision(rate.currency)):,f} {rate.currency}"
