"""What model and organisation are told of a place. Each notice is written in the transaction of the act."""

from django.urls import reverse

from apps.accounts.models import User
from apps.common.wording import Saying, say
from apps.notifications.services import notify
from apps.organizations.permissions import OWNER
from apps.programmes.models import Place


def tell_of_yes(place: Place) -> None:
    """On the board, without a mail: thirty answers are no thirty mails."""
    _tell_organization(place, say("programme.accepted", model=place.name, programme=place.programme.name))


def tell_of_no(place: Place) -> None:
    _tell_organization(place, say("programme.declined", model=place.name, programme=place.programme.name))


def tell_of_leaving(place: Place) -> None:
    _tell_organization(place, say("programme.left", model=place.name, programme=place.programme.name))


def tell_asked(place: Place) -> None:
    """A model who is on Double already. Somebody new gets `mailing.send` instead."""
    programme = place.programme
    _tell_model(place, say("programme.asked", organization=programme.organization.name, programme=programme.name))


def tell_earned(place: Place) -> None:
    """Raises ValueError for a place that was never priced."""
    if place.receives is None:
        raise ValueError(f"{place.ref} was earned without a price")
    programme = place.programme
    _tell_model(place, say("programme.earned", programme=programme.name, amount=place.receives))
    owners = User.objects.filter(memberships__organization=programme.organization, memberships__role=OWNER)
    notify(
        to=programme.organization.party,
        what=say("programme.made", model=place.name, programme=programme.name),
        url=reverse("programme", args=[programme.pk]),
        people=owners,
    )


def tell_ended(place: Place) -> None:
    _tell_model(place, say("programme.ended", programme=place.programme.name))


def _tell_organization(place: Place, what: Saying) -> None:
    notify(to=place.programme.organization.party, what=what, url=reverse("programme", args=[place.programme_id]))


def _tell_model(place: Place, what: Saying) -> None:
    if place.talent is None:
        return
    url = reverse("place", args=[place.pk])
    notify(to=place.talent.party, what=what, url=url, people=place.talent.people)
