"""Thin tasks: load, call one service. Ids only; every one may run twice."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.bookings import choice
from apps.bookings.models import Approval, Booking, LabelChoice, Licence, Reminder, Review, Wish
from apps.bookings.services import (
    answers,
    closing,
    delivery,
    ending,
    labelling,
    making,
    objecting,
    reminding,
    renewing,
    review,
    silence,
    viewing,
    wishes,
)
from apps.bookings.states import State
from apps.bookings.times import LAST_REMINDER, PICTURE_WINDOW, WINDOWS
from apps.common.errors import DomainError
from apps.common.refs import parse_ref
from apps.generation.models import Job
from apps.integrations.c2pa.errors import SigningFailed

log = logging.getLogger(__name__)
LOST_AFTER = timedelta(seconds=5)
RELEASE_TAKES = timedelta(minutes=2)
BATCH = 200


@shared_task
def start_making(booking_id: str) -> None:
    making.start_making(booking=Booking.objects.get(pk=UUID(booking_id)))


@shared_task(autoretry_for=(SigningFailed,), retry_backoff=True, max_retries=5)
def release_selected(booking_id: str) -> None:
    delivery.release_selected(booking=Booking.objects.get(pk=UUID(booking_id)))


@shared_task
def sweep_answers() -> None:
    """Apply the noes whose ten minutes are over."""
    due = Approval.objects.filter(
        answer=Approval.Answer.NO,
        counts_from__lte=timezone.now(),
        taken_back_at__isnull=True,
        terms__booking__state__in=[State.SUBMITTED, State.PROPOSING],
    ).values_list("terms__booking_id", flat=True)
    _each(due[:BATCH], lambda pk: answers.settle_answers(booking=Booking(pk=pk)))


@shared_task
def sweep_deadlines() -> None:
    """Silence ends what waits: requests, counters, unpaid agreements, holds, pictures."""
    now = timezone.now()
    over = Booking.objects.filter(deadline_at__lte=now)
    waiting = [State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED]
    _each(
        over.filter(state__in=waiting).values_list("pk", flat=True)[:BATCH],
        lambda pk: closing.expire(booking=Booking(pk=pk)),
    )
    _each(
        over.filter(state=State.ON_HOLD).values_list("pk", flat=True)[:BATCH],
        lambda pk: closing.cancel_held(booking=Booking(pk=pk)),
    )
    _each(
        choice.perhaps_silent_for().values_list("pk", flat=True)[:BATCH],
        lambda pk: silence.end_choosing(booking=Booking(pk=pk)),
    )
    silent = Review.objects.filter(
        decision=Review.Decision.WAITING, deadline_at__lte=now, booking__state=State.IN_REVIEW
    )
    for row in silent.select_related("booking")[:BATCH]:
        review.lapse(review=row)
    for wish in Wish.objects.filter(state=Wish.State.WAITING, deadline_at__lte=now)[:BATCH]:
        wishes.lapse_wish(wish=wish)


@shared_task
def sweep_reminders() -> None:
    """At half time and six hours before a deadline, once each."""
    _each(_to_remind().values_list("pk", flat=True)[:BATCH], lambda pk: reminding.remind(booking=Booking(pk=pk)))


@shared_task
def sweep_making() -> None:
    """Find again what a lost message dropped: paid but not started, finished but not released, nothing left to come."""
    now = timezone.now()
    before = now - LOST_AFTER
    funded = Booking.objects.filter(
        state=State.FUNDED, renews=None, transitions__action="fund", transitions__created_at__lte=before
    )
    _each(funded.values_list("pk", flat=True)[:BATCH], lambda pk: making.start_making(booking=Booking(pk=pk)))
    for booking in Booking.objects.filter(state=State.IN_REVIEW, finished_at__lte=now - RELEASE_TAKES)[:BATCH]:
        delivery.release_selected(booking=booking)
    _each(_idle()[:BATCH], lambda pk: making.settle_making(booking=Booking(pk=pk)))


@shared_task(autoretry_for=(SigningFailed,), retry_backoff=True, max_retries=5)
def make_labelled(choice_id: str) -> None:
    labelling.make_labelled(choice_id=UUID(choice_id))


@shared_task
def start_renewed(booking_id: str) -> None:
    renewing.start(booking=Booking.objects.get(pk=UUID(booking_id)))


@shared_task(autoretry_for=(SigningFailed,), retry_backoff=True, max_retries=5)
def release_renewed(licence_id: str) -> None:
    renewing.release_renewed(licence=Licence.objects.get(pk=UUID(licence_id)))


@shared_task
def sweep_licences() -> None:
    """What time does to licences; downloads are blocked by their dates already."""
    ending.sweep()
    for notice in objecting.overdue()[:BATCH]:
        objecting.close_overdue(notice=notice)


@shared_task
def sweep_labels() -> None:
    """Find again what a lost message dropped: chosen labels without their files, renewals that were paid for."""
    for pk in LabelChoice.objects.without_files().values_list("pk", flat=True)[:BATCH]:
        make_labelled.delay(str(pk))
    for booking in Booking.objects.filter(state=State.FUNDED, renews__isnull=False)[:BATCH]:
        renewing.start(booking=booking)
    for pk in renewing.without_files().values_list("pk", flat=True)[:BATCH]:
        release_renewed.delay(str(pk))


def _to_remind() -> QuerySet[Booking]:
    """Past half time or within the last hours, and that reminder not sent for this deadline yet."""
    now, half, last = timezone.now(), Reminder.Kind.HALF, Reminder.Kind.LAST
    sent = {
        kind: Exists(Reminder.objects.filter(booking=OuterRef("pk"), deadline_at=OuterRef("deadline_at"), kind=kind))
        for kind in (half, last)
    }
    due = Q()
    for state, window in WINDOWS.items():
        due |= Q(~sent[half], state=state, deadline_at__lte=now + window / 2)
    due |= Q(~sent[last], state__in=WINDOWS, deadline_at__lte=now + LAST_REMINDER)
    waiting = Review.objects.filter(booking=OuterRef("pk"), decision=Review.Decision.WAITING, deadline_at__gt=now)
    pictures = Q(Exists(waiting.filter(deadline_at__lte=now + PICTURE_WINDOW / 2)), state=State.IN_REVIEW)
    choosing = Q(pk__in=choice.perhaps_silent_for(2).values("pk"))
    return Booking.objects.filter(Q(deadline_at__gt=now) & due | pictures | choosing).order_by("deadline_at")


@shared_task
def forget_views() -> None:
    """The access log is kept for two years."""
    viewing.forget_views()


def _idle() -> list[UUID]:
    """Bookings in the making for which nothing runs and nothing waits: they go on or close."""
    busy = Job.objects.open().filter(kind=Job.Kind.GENERATE).values_list("voucher__subject", flat=True)
    alive = [Review.Decision.WAITING, Review.Decision.PASSED]
    still = Booking.objects.filter(state__in=[State.GENERATING, State.IN_REVIEW], finished_at__isnull=True)
    idle = still.exclude(pk__in=[parse_ref(ref, "booking") for ref in set(busy)]).exclude(reviews__decision__in=alive)
    return list(idle.values_list("pk", flat=True))


def _each(pks: Iterable[UUID], act: Callable[[UUID], object]) -> None:
    """One refused booking must not keep the others waiting; it is logged and tried again by the next sweep."""
    for pk in pks:
        try:
            act(pk)
        except DomainError as error:
            log.warning("booking %s: %s", pk, error.message)
