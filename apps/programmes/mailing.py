"""Telling an invited model of her place: on Double where she has joined, else by a mail to her address.

The mail needs no secret: whoever opens it signs in, and only who has proved the address to be hers sees the place.
"""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.notifications.mailing import Letter, message
from apps.programmes.models import Place
from apps.programmes.news import tell_asked
from apps.talent.models import Talent


@transaction.atomic
def send(place_id: UUID | str) -> bool:
    """Tell her unless she was told. Raises OSError when the mail server refuses; then it counts as not told.

    The row stays locked while the mail is handed over. A crash in between can send two.
    """
    place = _untold().select_for_update(of=("self",)).filter(pk=place_id).first()
    if place is None:
        return False
    place.mailed_at = timezone.now()
    place.save(update_fields=["mailed_at"])
    proved = EmailAddress.objects.filter(email__iexact=place.email, verified=True).values("user")
    talent = Talent.objects.filter(user__in=proved).first()
    if talent is None:
        message(_letter(place), place.email).send()
        return True
    place.talent = talent
    place.save(update_fields=["talent"])
    tell_asked(place)
    return True


def untold() -> "QuerySet[Place]":
    """Whom nobody has told yet, of checked organisations alone: an unchecked one only prepares."""
    return _untold().order_by("created_at")


def _untold() -> "QuerySet[Place]":
    open_ones = Place.objects.filter(state=Place.State.INVITED, mailed_at=None, programme__ended_at=None)
    checked = open_ones.filter(programme__organization__checked_at__isnull=False)
    return checked.select_related("programme__organization", "talent__user")


def _letter(place: Place) -> Letter:
    organization, programme = place.programme.organization, place.programme
    return Letter(
        title=f"{organization.name} invites you to {programme.name}",
        body=f"{organization.name} would pay for the making of your digital twin, which belongs to you. Double is where"
        " models own, license and get paid for their twins.\n"
        "Opening the page decides nothing. No picture of you is made or used without your own yes, each time. If you"
        " did not expect this, leave it: nothing happens.",
        path=reverse("place", args=[place.pk]),
    )
