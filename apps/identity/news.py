"""What a model is told once somebody has looked."""

from django.urls import reverse

from apps.identity.models import IdentityCheck
from apps.notifications.services import notify

State, Way = IdentityCheck.State, IdentityCheck.Way
TITLES: dict[str, str] = {
    State.APPROVED: "You are who you say",
    State.REFUSED: "We could not tell who you are",
}
BODIES: dict[tuple[str, str], str] = {
    (Way.PERSON, State.APPROVED): "Thank you. Your pictures are being deleted now.",
    (Way.PERSON, State.REFUSED): "{reason}\nYour pictures are being deleted. You can send others.",
    (Way.STRIPE, State.APPROVED): "Thank you. We have asked Stripe to delete what you showed.",
    (Way.STRIPE, State.REFUSED): "{reason}\nWe have asked Stripe to delete what you showed. You can try again.",
}


def tell(check: IdentityCheck) -> None:
    """In the transaction of the decision; the mail follows its commit."""
    user = check.talent.user
    notify(
        to=check.talent.party,
        kind=f"identity.{check.state}",
        title=TITLES[check.state],
        body=BODIES[check.way, check.state].format(reason=check.reason),
        url=reverse("identity"),
        emails=[user.email] if user else [],
    )
