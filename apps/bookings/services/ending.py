"""How a licence ends: notices before its last day, expiry with take-down statements, the notice of a withdrawal."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import Booking, Licence, Placement, Terms
from apps.bookings.services.news import tell_about_licence, tell_brand
from apps.bookings.states import State
from apps.common.money import Money
from apps.common.wording import say
from apps.payments.services import refund
from apps.pricing.quote import Quote
from apps.royalties.taking_back import take_back, unused_usage
from apps.talent.models import Talent

NOTICES = (30, 7, 1)  # days before the end, once each
NOTICE_DAYS = 30  # a running licence ends early only by withdrawing publish, with thirty days' notice
REMIND_EVERY = timedelta(days=7)
BATCH = 200


@dataclass(frozen=True)
class EarlyEnd:
    """What withdrawing publish does to a running licence: its last day then, and what goes back of U and of its VAT."""

    last_day: date
    unused_days: int
    held_minor: int
    vat_minor: int


def early_end(licence: Licence, terms: Terms, today: date) -> EarlyEnd:
    """The unused U pro rata by days, half up once (product.md, licence). One that would begin after the notice never
    begins: its last day is the one before its first, and all of U goes back."""
    notice_over = today + timedelta(days=NOTICE_DAYS)
    last_day = licence.cut_on or min(licence.ends_on, max(notice_over, licence.starts_on - timedelta(days=1)))
    unused = (licence.ends_on - last_day).days
    days = (licence.ends_on - licence.starts_on).days + 1
    held, vat = unused_usage(Quote.from_json(terms.quote), unused_days=unused, licence_days=days)
    return EarlyEnd(last_day, unused, held, vat)


def running(talent: Talent, today: date) -> QuerySet[Licence]:
    """Her licences that a withdrawal of publish would end early: nobody gave notice of them yet."""
    return Licence.objects.filter(
        twin__talent=talent, state=Licence.State.ACTIVE, ends_on__gte=today, cut_on__isnull=True
    )


@transaction.atomic
def give_notice(*, by: Actor, talent: Talent) -> int:
    """She withdrew publish: every running licence ends in thirty days. Answers how many. Idempotent.

    The refund is made when it ends (`end_early`), of the amount that she was shown.
    """
    today = timezone.now().date()
    rows = running(talent, today).select_for_update(of=("self",)).select_related("booking__brand", "brand")
    given = 0
    for row in rows:
        end = early_end(row, row.booking.current_terms, today)
        if end.last_day >= row.ends_on:
            continue  # it ends within the notice anyway
        row.cut_on = end.last_day
        row.save(update_fields=["cut_on"])
        given += 1
        back = Money(end.held_minor + end.vat_minor, row.booking.current_terms.currency)
        what = say(
            "licence.cut", code=row.code, brand=row.brand.name, before=row.ends_on, day=end.last_day, refund=back
        )
        tell_about_licence(_whole(row.booking), what, _page(row))
        record(
            kind="licence.notice_given", subject=row.ref, by=by.label,
            payload={"last_day": end.last_day.isoformat(), "refund_minor": back.amount_minor},
        )  # fmt: skip
    return given


@transaction.atomic
def end_early(*, licence: Licence) -> None:
    """The notice is over, or the licence never begins. Entry: active and cut; exit: revoked, unused U refunded and
    netted from what they earn next.

    Money first, audit last. Idempotent.
    """
    row = _locked(licence)
    today = timezone.now().date()
    if row.state != Licence.State.ACTIVE or row.cut_on is None or row.starts_on <= row.cut_on >= today:
        return
    booking = _whole(row.booking)
    end = early_end(row, booking.current_terms, today)
    if end.held_minor:
        take_back(
            charge_ref=booking.ref, key=f"early:{row.pk}", fee_minor=end.held_minor, at=timezone.now(), by=Actor.SYSTEM
        )
        refund(
            by=Actor.SYSTEM, charge_ref=booking.ref, amount_minor=end.held_minor + end.vat_minor,
            held_minor=end.held_minor, vat_minor=end.vat_minor, reason=f"{row.code}: publish was withdrawn",
        )  # fmt: skip
    row.state, row.refunded_at = Licence.State.REVOKED, timezone.now()
    row.save(update_fields=["state", "refunded_at"])
    booking.rights.filter(released_at__isnull=True).update(released_at=timezone.now())
    back = Money(end.held_minor + end.vat_minor, booking.current_terms.currency)
    tell_about_licence(booking, say("licence.revoked", code=row.code, brand=row.brand.name, refund=back), _page(row))
    record(
        kind="licence.revoked", subject=row.ref, by=Actor.SYSTEM.label,
        payload={"unused_days": end.unused_days, "held_minor": end.held_minor, "vat_minor": end.vat_minor},
    )  # fmt: skip


@transaction.atomic
def expire(*, licence: Licence) -> None:
    """The last day is over. Entry: active; exit: renewed where a renewal runs on, else expired. Idempotent.

    Downloads were closed by the dates already. An expired licence asks for a take-down statement of each placement.
    """
    row = _locked(licence)
    if row.state != Licence.State.ACTIVE or row.cut_on or row.ends_on >= timezone.now().date():
        return
    renewed = Licence.objects.filter(booking__renews=row, state=Licence.State.ACTIVE).exists()
    row.state = Licence.State.RENEWED if renewed else Licence.State.EXPIRED
    row.save(update_fields=["state"])
    if not renewed:
        booking = _whole(row.booking)
        missing = row.placements.filter(stated_at=None)
        what = say("licence.expired", code=row.code, brand=row.brand.name, day=row.ends_on, count=missing.count())
        tell_about_licence(booking, what, _page(row))
        missing.update(reminded_at=timezone.now())
    record(kind=f"licence.{row.state}", subject=row.ref, by=Actor.SYSTEM.label, payload={"code": row.code})


@transaction.atomic
def tell_of_end(*, licence: Licence) -> None:
    """Thirty days, a week and a day before its end, once each, to brand, model and agency. Idempotent."""
    row = _locked(licence)
    left = (row.last_day - timezone.now().date()).days
    due = min((days for days in NOTICES if left <= days), default=None)
    if row.state != Licence.State.ACTIVE or left < 0 or due is None:
        return
    if (row.noticed_days is not None and row.noticed_days <= due) or _renewed(row):
        return
    row.noticed_days = due
    row.save(update_fields=["noticed_days"])
    booking = _whole(row.booking)
    what = say("licence.ends_soon", code=row.code, brand=row.brand.name, title=booking.title, day=row.last_day)
    tell_about_licence(booking, what, _page(row))
    record(kind="licence.end_told", subject=row.ref, by=Actor.SYSTEM.label, payload={"days": due})


@transaction.atomic
def remind_of_statements(*, licence: Licence) -> None:
    """Once a week until every placement of an ended licence has its statement. Idempotent within the week."""
    row = _locked(licence)
    late = without_statement().filter(licence=row)
    late = late.filter(Q(reminded_at=None) | Q(reminded_at__lte=timezone.now() - REMIND_EVERY))
    count = late.update(reminded_at=timezone.now())
    if count:
        tell_brand(_whole(row.booking), say("licence.statement_due", code=row.code, count=count), _page(row))
        record(kind="licence.statement_asked", subject=row.ref, by=Actor.SYSTEM.label, payload={"placements": count})


def without_statement() -> QuerySet[Placement]:
    """Placements of ended licences that nobody said were taken down."""
    ended = [Licence.State.EXPIRED, Licence.State.REVOKED]
    return Placement.objects.filter(licence__state__in=ended, stated_at=None)


def sweep() -> None:
    """Everything that time does to licences, the endings first."""
    today = timezone.now().date()
    active = Licence.objects.filter(state=Licence.State.ACTIVE)
    for row in active.filter(Q(cut_on__lt=today) | Q(cut_on__lt=F("starts_on")))[:BATCH]:
        end_early(licence=row)
    for row in active.filter(ends_on__lt=today, cut_on=None)[:BATCH]:
        expire(licence=row)
    soon = today + timedelta(days=NOTICES[0])
    for row in active.filter(Q(ends_on__lte=soon) | Q(cut_on__lte=soon), _untold(today)).distinct()[:BATCH]:
        tell_of_end(licence=row)
    late = without_statement().filter(Q(reminded_at=None) | Q(reminded_at__lte=timezone.now() - REMIND_EVERY))
    for row in Licence.objects.filter(pk__in=late.values("licence"))[:BATCH]:
        remind_of_statements(licence=row)


def _untold(today: date) -> Q:
    """The next of the notices is due: so a hundred told ones never stand before an untold one."""
    due = Q(noticed_days=None)
    for days in NOTICES[1:]:
        by = today + timedelta(days=days)
        due |= Q(noticed_days__gt=days) & (Q(ends_on__lte=by) | Q(cut_on__lte=by))
    return due


def _renewed(licence: Licence) -> bool:
    """Somebody already renewed it; its end is no news."""
    return Booking.objects.filter(renews=licence, state__in=[State.FUNDED, State.DELIVERED]).exists()


def _locked(licence: Licence) -> Licence:
    return Licence.objects.select_for_update(of=("self",)).select_related("brand", "booking").get(pk=licence.pk)


def _whole(booking: Booking) -> Booking:
    """With the parties that the news goes to."""
    return Booking.objects.with_parties().get(pk=booking.pk)


def _page(licence: Licence) -> str:
    return reverse("own_licence", args=[licence.pk])
