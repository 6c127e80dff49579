"""Take-down notices: anybody may object, staff decide within 48 hours, silence closes the downloads."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.audit.services import record
from apps.bookings.models import Booking, Licence, TakedownNotice
from apps.bookings.services.news import tell_about_licence
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import PLATFORM
from apps.common.wording import Saying, say
from apps.notifications.services import notify

CLOCK = timedelta(hours=48)
LONGEST_REASON = 1_000
State = TakedownNotice.State


@transaction.atomic
def object_to(
    *, licence: Licence, name: str, email: str, words: str, where: str = "", address: str = ""
) -> TakedownNotice:
    """Anybody says that a picture must not be shown. Exit: open, 48 hours to decide, staff told.

    Raises InvalidInput(field=…). TAKE IT DOWN asks for an answer within 48 hours.
    """
    for field, value in (("name", name), ("email", email), ("words", words)):
        if not value.strip():
            raise InvalidInput("Please fill this in.", field=field)
    row = TakedownNotice.objects.create(
        licence=licence, name=name.strip()[:120], email=email.strip(), words=words.strip(), where=where.strip()[:500],
        address=address, due_at=timezone.now() + CLOCK,
    )  # fmt: skip
    notify(to=PLATFORM, what=say("takedown.received", code=licence.code), url=_decide(row))
    record(kind="takedown.received", subject=licence.ref, by="anybody", payload={"takedown": row.ref})
    return row


@transaction.atomic
def suspend(*, by: User, notice: TakedownNotice) -> TakedownNotice:
    """Close the downloads while one looks. Entry and exit: open. Again it changes nothing."""
    row = _open(by, notice)
    return row if row.suspended_at else _suspend(row, by.get_username())


@transaction.atomic
def decide(*, by: User, notice: TakedownNotice, upheld: bool, reason: str) -> TakedownNotice:
    """Entry: open; exit: upheld (downloads stay closed) or refused (they open again), with the reason.

    Raises NotAllowed for anybody but staff, InvalidInput without a reason, StaleState when it is decided.
    """
    row = _open(by, notice)
    if not reason.strip():
        raise InvalidInput("Write the reason; the trail keeps it.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"At most {LONGEST_REASON} characters.", field="reason")
    was_open = row.suspended_at is None
    now = timezone.now()
    row.state, row.reason = State.UPHELD if upheld else State.REFUSED, reason.strip()
    row.decided_at, row.decided_by = now, by
    row.suspended_at = (row.suspended_at or now) if upheld else row.suspended_at
    row.save()
    if upheld:
        _tell(row, say("takedown.upheld", code=row.licence.code, brand=row.licence.brand.name))
    elif not was_open:
        _tell(row, say("takedown.refused", code=row.licence.code, brand=row.licence.brand.name))
    record(
        kind=f"takedown.{row.state}", subject=row.licence.ref, by=f"staff:{by.pk}",
        payload={"takedown": row.ref, "reason": row.reason},
    )  # fmt: skip
    return row


@transaction.atomic
def close_overdue(*, notice: TakedownNotice) -> None:
    """The 48 hours are over and nobody decided: the downloads close until somebody does. Idempotent."""
    row = _locked(notice)
    if row.state == State.OPEN and row.suspended_at is None and row.due_at <= timezone.now():
        _suspend(row, Actor.SYSTEM.label)


def overdue() -> QuerySet[TakedownNotice]:
    return TakedownNotice.objects.filter(state=State.OPEN, suspended_at=None, due_at__lte=timezone.now())


def _suspend(row: TakedownNotice, by: str) -> TakedownNotice:
    row.suspended_at = timezone.now()
    row.save(update_fields=["suspended_at"])
    _tell(row, say("takedown.suspended", code=row.licence.code, brand=row.licence.brand.name))
    record(kind="takedown.suspended", subject=row.licence.ref, by=by, payload={"takedown": row.ref})
    return row


def _open(by: User, notice: TakedownNotice) -> TakedownNotice:
    if not by.is_active or not by.is_staff:
        raise NotAllowed("Only staff decide about take-down notices.")
    row = _locked(notice)
    if row.state != State.OPEN:
        raise StaleState("This notice is decided already.")
    return row


def _locked(notice: TakedownNotice) -> TakedownNotice:
    rows = TakedownNotice.objects.select_for_update(of=("self",)).select_related("licence__brand")
    return rows.get(pk=notice.pk)


def _tell(row: TakedownNotice, what: Saying) -> None:
    booking = Booking.objects.with_parties().get(pk=row.licence.booking_id)
    tell_about_licence(booking, what, reverse("own_licence", args=[row.licence_id]))


def _decide(row: TakedownNotice) -> str:
    return reverse("admin:bookings_takedown_decide", args=[row.pk])
