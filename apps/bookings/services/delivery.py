"""Release and handing over: label, licence, signed address, and a log of every download."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings import guards
from apps.bookings.labels import STANDARD, label_of
from apps.bookings.machine import perform
from apps.bookings.models import Booking, Deliverable, Download, Licence, Review
from apps.bookings.services.access import locked, require_brand
from apps.bookings.services.closing import settle_delivery
from apps.bookings.services.dates import settle_dates
from apps.bookings.services.news import tell_about_delivery
from apps.bookings.states import State
from apps.common.errors import Refused
from apps.common.territories import describe
from apps.common.vocabulary import Medium
from apps.consents.models import Consent, Purpose
from apps.generation.services import revoke_vouchers
from apps.media.services import delete, read, store
from apps.media.signing import signed_url
from apps.organizations.permissions import Permission
from apps.provenance.facts import Corner, DigitalSourceType, ReleaseFacts
from apps.provenance.services import register
from apps.provenance.services import release as label_and_stamp
from apps.talent.models import Talent

DOWNLOAD_SECONDS = 300


def prepare_licence(*, booking: Booking) -> Licence:
    """The licence that the labels will name, with its days; see settle_dates. Idempotent. The booking is locked."""
    if licence := Licence.objects.filter(booking=booking).first():
        return licence
    terms = booking.current_terms
    dates = settle_dates(booking)
    return Licence.objects.create(
        booking=booking,
        brand=booking.brand,
        twin=booking.twin,
        media=terms.media,
        territories=terms.territories,
        category=terms.category,
        exclusivity=terms.exclusivity,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        credited_days=dates.credited,
    )


def release_selected(*, booking: Booking) -> Booking:
    """Label every selected picture, then deliver. Entry: in review and finished; exit: delivered. Idempotent.

    Each picture is released in a transaction of its own, so that a crash repeats at most one.
    """
    selected = booking.reviews.filter(selected_at__isnull=False, deliverables__isnull=True)
    for review in selected.select_related("candidate__file", "candidate__attempt", "look", "booking__licence"):
        release_picture(review=review, licence=review.booking.licence, label=STANDARD)
    return deliver(booking=booking)


def release_picture(*, review: Review, licence: Licence, label: str) -> Deliverable:
    """Burn the label in, write the metadata, sign anew, store, remember the fingerprint. Idempotent.

    One file per (picture, label, format) of a licence; a renewed one names itself in files of its own.
    """
    deliverable = Deliverable(licence=licence, review=review, label=label)
    released = label_and_stamp(picture=read(review.candidate.file), facts=_facts(deliverable))
    file = store(data=released.data, kind="deliverable", owner=licence.brand.party, content_type="image/jpeg")
    deliverable.file, deliverable.sha256 = file, released.sha256
    try:
        with transaction.atomic():
            deliverable.save(force_insert=True)
            register(sha256=released.sha256, subject=deliverable.ref)
            record(
                kind="picture.released",
                subject=deliverable.ref,
                by=Actor.SYSTEM.label,
                payload={
                    "booking": review.booking.ref,
                    "sha256": released.sha256,
                    "licence": licence.ref,
                    "label": label,
                },
            )
    except IntegrityError:
        delete(file)  # another worker released this picture first; ours is not needed
        return Deliverable.objects.get(licence=licence, review=review, label=label, format=deliverable.format)
    return deliverable


@transaction.atomic
def deliver(*, booking: Booking) -> Booking:
    """Entry: in review, finished, all released; exit: delivered, licence running, royalties earned. Idempotent."""
    row = locked(booking)
    if row.state != State.IN_REVIEW or guards.selection_is_finished(row) or guards.everything_is_released(row):
        return row
    now = timezone.now()
    could_come = guards.more_can_come(row)
    revoke_vouchers(subject=row.ref, by=Actor.SYSTEM, reason="delivered")
    licence = row.licence
    licence.state = Licence.State.ACTIVE
    licence.save(update_fields=["state"])
    settle_delivery(booking=row, could_come=could_come, licence=licence)
    row = perform(booking=row, action="deliver", by=Actor.SYSTEM, delivered_at=now, deadline_at=None)
    tell_about_delivery(row)
    return row


@transaction.atomic
def hand_over(*, by: Actor, deliverable: Deliverable, address: str) -> str:
    """A signed address of one deliverable, good for five minutes; every handing over is logged.

    Raises NotAllowed for other brands and roles, Refused when the licence does not run today.
    """
    require_brand(by, deliverable.licence.booking, Permission.DOWNLOAD)
    licence = open_for_download(deliverable.licence)
    if not licence.label_choices.filter(label=deliverable.label).exists():
        raise Refused("Choose first where the picture will run; its label follows from that.", code="no_label")
    Download.objects.create(deliverable=deliverable, user_id=by.user_id, party=by.party, address=address)
    record(kind="picture.downloaded", subject=deliverable.ref, by=by.label, payload={"address": address})
    return signed_url(
        deliverable.file,
        seconds=DOWNLOAD_SECONDS,
        download_as=f"double-{licence.code}-{deliverable.review.look.position}-{deliverable.sha256[:6]}.jpg",
    )


def open_for_download(licence: Licence) -> Licence:
    """The licence as it stands now, its row locked, so that it cannot expire between this look and the address.

    Raises Refused when it does not run today, or while somebody's take-down notice keeps its downloads closed.
    """
    row = Licence.objects.select_for_update().get(pk=licence.pk)
    if row.state == Licence.State.REVOKED:
        raise Refused("This licence was revoked. The pictures must be taken down.", code="licence_revoked")
    if not row.runs_on(timezone.now().date()):
        raise Refused(
            f"This licence runs from {row.starts_on:%-d %B %Y} to {row.last_day:%-d %B %Y}.",
            code="licence_not_running",
        )
    if row.takedowns.suspending().exists():
        raise Refused("Somebody objected to a picture of this licence; downloads are closed.", code="licence_suspended")
    return row


def _facts(deliverable: Deliverable) -> ReleaseFacts:
    licence = deliverable.licence
    talent = licence.twin.talent
    agency = licence.booking.agency
    engine = deliverable.review.candidate.attempt.report
    return ReleaseFacts(
        deliverable_id=str(deliverable.pk),
        licence_id=licence.code,
        licence_url=settings.SITE_URL + reverse("licence", args=[licence.code]),
        model_name=talent.stage_name,
        agency_name=agency.name if agency else "",
        brand_name=licence.brand.name,
        usage_terms=_usage(licence),
        licence_ends=licence.ends_on,
        release_ids=_consents_of(talent),
        digital_source_type=DigitalSourceType.GENERATED if engine["generative"] else DigitalSourceType.COMPOSITE,
        engine=engine["engine"],
        label_text=label_of(deliverable.label).text,
        credits=tuple((credit.part, credit.name) for credit in deliverable.review.booking.credits.all()),
        label_corner=Corner.BOTTOM_RIGHT,  # the preview engine says what it is at the bottom left
    )


def _consents_of(talent: Talent) -> list[str]:
    in_force = Consent.objects.in_force().filter(talent=talent, purpose__in=[Purpose.GENERATE, Purpose.PUBLISH])
    return [str(pk) for pk in in_force.values_list("pk", flat=True)]


def _usage(licence: Licence) -> str:
    media = ", ".join(str(Medium(medium).label) for medium in licence.media)
    return f"{media}; {describe(licence.territories)}; {licence.starts_on} to {licence.ends_on}"
