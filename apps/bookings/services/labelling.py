"""The label comes before the download: where the pictures will run decides it, and a task makes the files anew."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.enqueue import after_commit
from apps.bookings.labels import Label, label_for
from apps.bookings.models import LabelChoice, Licence, Review
from apps.bookings.services.access import require_brand
from apps.bookings.services.delivery import open_for_download, release_picture
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.territories import COUNTRIES, covers
from apps.organizations.permissions import Permission


@transaction.atomic
def choose_label(*, by: Actor, licence: Licence, territory: str, channel: str) -> LabelChoice:
    """Choose where the pictures will run. Exit: the label of that market is chosen and its files are being made.

    Chosen again, it is that choice. Raises NotAllowed, InvalidInput(field=…) for a market outside the licence, Refused
    when it does not run.
    """
    require_brand(by, licence.booking, Permission.DOWNLOAD)
    open_for_download(licence)
    if territory not in COUNTRIES or not covers(licence.territories, [territory]):
        raise InvalidInput("This licence does not hold there.", field="territory")
    if channel not in licence.media:
        raise InvalidInput("This licence does not hold for that.", field="channel")
    if by.user_id is None:
        raise NotAllowed("A person chooses the label.")
    label = label_for(territory, channel, body_altered=is_body_altered(licence))
    choice, new = LabelChoice.objects.get_or_create(
        licence=licence, territory=territory, channel=channel, defaults={"label": label.code, "chosen_by": by.user_id}
    )
    if new:
        after_commit("make_labelled", choice.pk)
        record(
            kind="label.chosen", subject=licence.ref, by=by.label,
            payload={"territory": territory, "channel": channel, "label": label.code},
        )  # fmt: skip
    return choice


def make_labelled(*, choice_id: UUID) -> None:
    """Every picture of the licence in the chosen label. Each in a transaction of its own; again it makes what lacks."""
    choice = LabelChoice.objects.select_related("licence__booking").get(pk=choice_id)
    for review in missing(choice.licence, choice.label):
        release_picture(review=review, licence=choice.licence, label=choice.label)


def missing(licence: Licence, label: str) -> list[Review]:
    """The pictures of a licence that there is no file of in this label yet."""
    pictures = pictures_of(licence)
    there = licence.deliverables.filter(label=label).values("review")
    return list(
        pictures.exclude(pk__in=there).select_related("candidate__file", "candidate__attempt", "look", "booking")
    )


def pictures_of(licence: Licence) -> QuerySet[Review]:
    """What the licence is about: the chosen pictures of the booking that made them, however often renewed since."""
    return Review.objects.filter(booking=made_by(licence), selected_at__isnull=False)


def made_by(licence: Licence) -> UUID:
    """The booking that made the pictures: a licence's own, or that of the first licence which it renews."""
    booking = licence.booking
    while booking.renews_id:
        booking = Licence.objects.select_related("booking").get(pk=booking.renews_id).booking
    return booking.pk


def is_body_altered(licence: Licence) -> bool:
    """What the engine reports of a picture of it. France asks for a label of its own then."""
    return pictures_of(licence).filter(candidate__attempt__report__body_altered=True).exists()


def market_label(licence: Licence, territory: str, channel: str) -> Label:
    return label_for(territory, channel, body_altered=is_body_altered(licence))
