"""What was written about one booking that waits, and a booker of Élan who is away for two weeks."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.bookings.models import Booking
from apps.bookings.services.desks import give_to
from apps.common.clock import true_now
from apps.conversations.models import Between, Thread
from apps.conversations.services import Upload, write
from apps.demonstration.history.clock import standing_at
from apps.demonstration.products import product_of
from apps.demonstration.programme import address
from apps.organizations.models import Absence, Membership, Organization
from apps.organizations.services import announce_absence

TALKED_OF = "Cream on cream"
AWAY, AWAY_NAME = "elan-marc", "Marc Tissot"
HIS = ("The red coat", "Linen, essentials")
AWAY_FOR = timedelta(days=13)
# Minutes ago, who, between whom, what; one message a line.
# ruff: noqa: E501
SAID = (
    (190, "maison-orsay", Between.BRAND_AGENCY, "Good morning. The coat is warmer than on the first board: see attached."),
    (171, "elan", Between.BRAND_AGENCY, "Thank you. Is the second look cropped at the waist, or the whole figure?"),
    (166, "maison-orsay", Between.BRAND_AGENCY, "The whole figure, please. The bag has to stand beside her."),
    (120, "elan", Between.AGENCY_MODEL, "They have changed the colour of the coat. Nothing else. Any question, write here."),
    (58, "maya-okafor", Between.AGENCY_MODEL, "Will the label be on the product page as well, or only on the picture?"),
    (31, "maison-orsay", Between.BRAND_AGENCY, "One more thing: we would like to start on the first of the month, if it is all the same."),
)  # fmt: skip
WITH_PICTURE = 190
Acting = Callable[[User], Actor]


def load_talk(acting: Acting) -> None:
    """Idempotent. Says nothing where the programme has no such booking."""
    booking = Booking.objects.with_parties().filter(title=TALKED_OF).first()
    if booking is None or Thread.objects.filter(booking=booking).exists():
        return
    with transaction.atomic():
        for ago, who, between, text in SAID:
            files = [Upload("warmer-cream.png", product_of(who))] if ago == WITH_PICTURE else []
            with standing_at(true_now() - timedelta(minutes=ago)):
                by = acting(User.objects.get(email=address(who)))
                write(by=by, booking=booking, between=between, text=text, uploads=files)


@transaction.atomic
def load_absence(acting: Acting, him: User) -> None:
    """Idempotent: Marc keeps two requests, and Claire stands in for him."""
    agency = Organization.objects.get(slug="elan")
    Membership.objects.get_or_create(user=him, organization=agency, defaults={"role": "booker"})
    if Absence.objects.filter(user=him).exists():
        return
    marc, today = acting(him), timezone.now().date()
    for booking in Booking.objects.with_parties().filter(title__in=HIS, agency=agency):
        give_to(by=marc, booking=booking, booker=him)
    claire = User.objects.get(email=address("elan"))
    announce_absence(by=marc, organization=agency, deputy=claire, starts_on=today, ends_on=today + AWAY_FOR)
