"""Telling an invited model of her place: on Double where she has joined, else by a mail to her address.

The mail needs no secret: whoever opens it signs in, and only who has proved the address to be hers sees the place.
"""

from urllib.parse import urljoin
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.common.letters import letter
from apps.common.wording import say
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
        what = say(
            "programme.invitation", organization=place.programme.organization.name, programme=place.programme.name
        )
        link = urljoin(settings.SITE_URL, reverse("place", args=[place.pk]))
        letter(what, to=place.email, language=_language(place), link=link).send()
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
    return checked.select_related("programme__organization", "programme__started_by", "talent__user")


def _language(place: Place) -> str:
    """Of somebody who is not here yet: that of whoever asks her is the best guess; the page has all of them."""
    keeper = place.programme.started_by
    return keeper.language if keeper else "en"
