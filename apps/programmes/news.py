"""What model and organisation are told of a place. Each notice is written in the transaction of the act."""

from django.urls import reverse

from apps.notifications.services import notify
from apps.organizations.models import Membership
from apps.organizations.permissions import OWNER
from apps.programmes.models import Place

_TOLD = {
    "programme.accepted": "{name} said yes to {programme}",
    "programme.declined": "{name} said no to {programme}",
    "programme.left": "{name} left {programme}",
}


def tell_organization(place: Place, kind: str) -> None:
    """On the board, without a mail: thirty answers are no thirty mails."""
    title = _TOLD[kind].format(name=place.name, programme=place.programme.name)
    url = reverse("programme", args=[place.programme_id])
    notify(to=place.programme.organization.party, kind=kind, title=title[:160], body="", url=url)


def tell_asked(place: Place) -> None:
    """A model who is on Double already. Somebody new gets `mailing.send` instead."""
    organization = place.programme.organization
    _tell_model(
        place, "programme.asked", f"{organization.name} invites you to {place.programme.name}",
        "It would pay for the making of your twin, which belongs to you. Read the terms, then say yes or no.",
    )  # fmt: skip


def tell_earned(place: Place) -> None:
    body = "Your twin is approved, and your part of the fee for its making is earned."
    _tell_model(place, "programme.earned", f"{place.programme.name}: earned", body)
    organization = place.programme.organization
    owners = Membership.objects.filter(organization=organization, role=OWNER, user__is_active=True)
    notify(
        to=organization.party, kind="programme.made", title=f"The twin of {place.name} is approved"[:160],
        body=f"It was made in {place.programme.name} and can be asked for from now on.",
        url=reverse("programme", args=[place.programme_id]), emails=list(owners.values_list("user__email", flat=True)),
    )  # fmt: skip


def tell_ended(place: Place) -> None:
    _tell_model(
        place, "programme.ended", f"{place.programme.name} is over",
        "Your place in it ended. Everything that you began stays yours: go on with your twin whenever you like.",
    )  # fmt: skip


def _tell_model(place: Place, kind: str, title: str, body: str) -> None:
    if place.talent is None or place.talent.user is None:
        return
    notify(
        to=place.talent.party, kind=kind, title=title[:160], body=body,
        url=reverse("place", args=[place.pk]), emails=[place.talent.user.email],
    )  # fmt: skip
