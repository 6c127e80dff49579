"""What the other side is told of a price, in the portal and by mail."""

from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.wording import say
from apps.notifications.services import notify
from apps.organizations.models import Organization
from apps.talent.models import Mandate, Talent

KEEP_THE_ROSTER = ("owner", "booker")


def tell_about_day_rate(talent: Talent, rate: Money, by: Actor) -> None:
    """The model, when an agency set it; her agencies, when she did."""
    if by.party != talent.party:
        who = Organization.objects.get(pk=parse_ref(by.party, "org")).name if by.kind == "agency" else by.name
        what = say("pricing.day_rate", agency=who, rate=rate)
        notify(to=talent.party, what=what, url=reverse("day_rate"), people=talent.people)
        return
    running = Mandate.objects.filter(talent=talent).running_on(timezone.now().date()).select_related("agency")
    for agency in {mandate.agency for mandate in running}:
        notify(
            to=agency.party,
            what=say("pricing.day_rate_of_model", model=talent.stage_name, rate=rate),
            url=reverse("roster_rate", args=[talent.slug]),
            people=User.objects.filter(memberships__organization=agency, memberships__role__in=KEEP_THE_ROSTER),
        )
