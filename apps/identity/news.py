"""What a model is told once somebody has looked."""

from django.urls import reverse

from apps.common.wording import Saying, say
from apps.identity.models import IdentityCheck
from apps.notifications.services import notify

State, Way = IdentityCheck.State, IdentityCheck.Way


def tell(check: IdentityCheck) -> None:
    """In the transaction of the decision; the mail follows its commit."""
    talent = check.talent
    notify(to=talent.party, what=_what(check), url=reverse("identity"), people=talent.people)


def _what(check: IdentityCheck) -> Saying:
    """Why Stripe refused stands on the page; what a person wrote stands in the mail as well."""
    if check.state == State.APPROVED:
        return say("identity.approved") if check.way == Way.PERSON else say("identity.approved_at_stripe")
    if check.way == Way.PERSON:
        return say("identity.refused", reason=check.reason)
    return say("identity.refused_at_stripe")
