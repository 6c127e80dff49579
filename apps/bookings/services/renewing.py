"""Renewing and widening a licence: asked by the brand, answered like a booking, started by the payment."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings import calendar, guards, renewals
from apps.bookings.enqueue import after_commit
from apps.bookings.labels import STANDARD, label_for
from apps.bookings.machine import perform
from apps.bookings.models import Booking, LabelChoice, Licence
from apps.bookings.services import compose
from apps.bookings.services.access import locked, require_brand
from apps.bookings.services.delivery import release_picture
from apps.bookings.services.labelling import is_body_altered, missing
from apps.bookings.services.making import hold
from apps.bookings.services.news import tell_about_licence
from apps.bookings.states import State
from apps.common.dates import add_months
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.common.wording import say
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote
from apps.royalties.services import earn

L = Licence.State


@transaction.atomic
def ask_renewal(*, by: Actor, licence: Licence) -> Booking:
    """The same use for the same time again. Exit: a submitted booking without looks that renews this licence.

    What is agreed before the licence ends costs less: silence then ends the request with the licence's last day.
    Raises NotAllowed, Refused with what stands against it, StaleState when somebody asked already.
    """
    row = _renewable(by, licence, (L.ACTIVE, L.EXPIRED))
    draft = _draft(
        by, row, media=row.media, territories=row.territories, window_months=_window(row),
        starts_on=renewals.follows_on(row),
    )  # fmt: skip
    return _submit(by, draft, row)


@transaction.atomic
def ask_extension(
    *, by: Actor, licence: Licence, media: Sequence[str], territories: Sequence[str], window_months: int
) -> Booking:
    """More media, countries or months, from the payment on. Exit: a submitted booking without looks.

    Raises as `ask_renewal`, InvalidInput(field=…) where it is no more than the licence has.
    """
    row = _renewable(by, licence, (L.ACTIVE,))
    if not set(row.media) <= set(media):
        raise InvalidInput("An extension keeps the media there are.", field="media")
    if not set(row.territories) <= set(territories):
        raise InvalidInput("An extension keeps the countries there are.", field="territories")
    if window_months < _window(row):
        raise InvalidInput("An extension is no shorter.", field="window_months")
    draft = _draft(
        by, row, media=media, territories=territories, window_months=window_months, starts_on=row.starts_on
    )  # fmt: skip
    return _submit(by, draft, row)


def price_of_renewal(licence: Licence) -> Quote:
    """What the renewal would cost today, before anybody is asked."""
    booking = _unsaved(licence, media=licence.media, territories=licence.territories, window_months=_window(licence))
    booking.starts_on = renewals.follows_on(licence)
    return renewals.quote_of(booking)


def price_of_extension(
    licence: Licence, *, media: Sequence[str], territories: Sequence[str], window_months: int
) -> Quote:
    """Raises InvalidInput(field=…) for what is no more than the licence has, or cannot be priced."""
    booking = _unsaved(licence, media=media, territories=territories, window_months=window_months)
    booking.starts_on = licence.starts_on
    return renewals.quote_of(booking)


@transaction.atomic
def start(*, booking: Booking) -> Booking:
    """Paid. Entry: funded and renewing; exit: delivered, with a licence of its own, its royalties earned. Idempotent.

    The new licence names itself in files of its own; the old one runs to its end and is then renewed. No licence starts
    while the twin is paused or publish is withdrawn, also where that came after the agreement: exit then on hold.
    """
    row = locked(booking)
    if row.state != State.FUNDED or row.renews_id is None:
        return row
    if guards.twin_may_work(row) is not None:
        return hold(booking=row)
    old = Licence.objects.select_related("booking").get(pk=row.renews_id)
    terms, today = row.current_terms, timezone.now().date()
    counts_from = terms.starts_on or today
    starts_on = max(counts_from, today) if counts_from == old.starts_on else counts_from
    ends_on = add_months(counts_from, terms.window_months)
    earn(charge_ref=row.ref, delivered_at=timezone.now(), by=Actor.SYSTEM)
    licence = Licence.objects.create(
        booking=row, brand=row.brand, twin=row.twin, media=terms.media, territories=terms.territories,
        category=terms.category, exclusivity=terms.exclusivity, starts_on=starts_on, ends_on=ends_on, state=L.ACTIVE,
    )  # fmt: skip
    if terms.starts_on is None:
        calendar.settle(row, starts_on=starts_on, ends_on=ends_on)
    _take_labels_over(old, licence)
    row = perform(booking=row, action="renew", by=Actor.SYSTEM, delivered_at=timezone.now(), deadline_at=None)
    after_commit("release_renewed", licence.pk)
    what = say("licence.renewed", old=old.code, code=licence.code, brand=row.brand.name, day=ends_on)
    tell_about_licence(row, what, reverse("own_licence", args=[licence.pk]))
    return row


def release_renewed(*, licence: Licence) -> None:
    """The files of a renewed licence, in the first label and in each that is chosen. Again it makes what lacks."""
    for label in sorted({STANDARD, *licence.label_choices.values_list("label", flat=True)}):
        for review in missing(licence, label):
            release_picture(review=review, licence=licence, label=label)


def without_files() -> QuerySet[Licence]:
    return Licence.objects.filter(booking__renews__isnull=False, state=L.ACTIVE, deliverables=None)


def _renewable(by: Actor, licence: Licence, states: tuple[Licence.State, ...]) -> Licence:
    require_brand(by, licence.booking, Permission.COMPOSE)
    row = Licence.objects.select_for_update(of=("self",)).select_related("booking", "twin__talent").get(pk=licence.pk)
    over = row.state == L.ACTIVE and row.ends_on < timezone.now().date()  # and no sweep has been there yet
    if (L.EXPIRED if over else row.state) not in states:
        raise StaleState(f"This licence is now “{row.get_state_display().lower()}”. It cannot be renewed like that.")
    if row.cut_on:
        raise Refused("The model withdrew her consent to publish. This licence cannot be renewed.")
    return row


def _draft(by: Actor, licence: Licence, **use: object) -> Booking:
    try:
        with transaction.atomic():
            booking = _unsaved(licence, **use)
            booking.composer_id = by.user_id
            booking.save(force_insert=True)
    except IntegrityError as error:
        if "booking_one_renewal_of_a_licence" not in str(error):
            raise
        raise StaleState("A renewal of this licence is already under way.") from error
    return booking


def _unsaved(licence: Licence, **use: object) -> Booking:
    return Booking(
        brand=licence.brand,
        twin=licence.twin,
        title=licence.booking.title,
        renews=licence,
        exclusivity=licence.exclusivity,
        category=licence.category,
        **{name: list(value) if isinstance(value, tuple) else value for name, value in use.items()},
    )


def _submit(by: Actor, draft: Booking, licence: Licence) -> Booking:
    row = compose.submit(by=by, booking=draft)
    over = datetime.combine(licence.ends_on + timedelta(days=1), time(), UTC)
    if not renewals.is_extension(row) and row.starts_on and row.deadline_at and row.deadline_at > over:
        Booking.objects.filter(pk=row.pk).update(deadline_at=over)
        row.refresh_from_db(fields=["deadline_at"])
    return row


def _window(licence: Licence) -> int:
    return licence.booking.current_terms.window_months


def _take_labels_over(old: Licence, new: Licence) -> None:
    """The markets that the brand chose stay chosen; what they ask for is looked up again."""
    altered = is_body_altered(old)
    LabelChoice.objects.bulk_create(
        LabelChoice(
            licence=new, territory=choice.territory, channel=choice.channel, chosen_by=choice.chosen_by,
            label=label_for(choice.territory, choice.channel, body_altered=altered).code,
        )
        for choice in old.label_choices.all()
    )  # fmt: skip
