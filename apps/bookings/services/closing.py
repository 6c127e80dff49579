"""How a booking ends, and what that does to the money: the closing rules of the product."""

from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings import guards
from apps.bookings.machine import perform
from apps.bookings.models import Booking, Licence, Review
from apps.bookings.services.access import locked, require_brand
from apps.bookings.services.news import tell_about_closing, tell_about_credit, tell_crew
from apps.bookings.states import IN_THE_MAKING, State
from apps.bookings.times import CHOICE_WINDOW, HOLD_WINDOW
from apps.common.wording import Saying, say
from apps.generation.services import revoke_vouchers
from apps.organizations.permissions import Permission
from apps.payments.services import refund
from apps.pricing.quote import Quote
from apps.royalties import services as royalties
from apps.royalties.closing import WHOLE, Rule, close


@transaction.atomic
def cancel(*, by: Actor, booking: Booking) -> Booking:
    """The brand leaves. Entry: anything before delivery; exit: cancelled, with what the closing rule lets stay.

    Before the payment nothing is owed. Paid and nothing generated: 25 % of S stays; after it saw a picture: S; after
    it chose: F. Raises NotAllowed, StaleState, Refused once the selection is finished.
    """
    row = locked(booking)
    if row.state not in IN_THE_MAKING:
        require_brand(by, row, Permission.COMPOSE)
        return perform(booking=row, action="cancel", by=by, deadline_at=None, closed_reason="cancelled by the brand")
    require_brand(by, row, Permission.ACCEPT_TERMS)
    rule = _brand_leaves(row)
    _stop_making(row, "cancel_paid")
    settle_money(booking=row, rule=rule)
    row = perform(booking=row, action="cancel_paid", by=by, deadline_at=None, closed_reason="cancelled by the brand")
    tell_about_closing(row, say("booking.closed_by_brand", title=row.title))
    return row


@transaction.atomic
def expire(*, booking: Booking) -> Booking:
    """Silence is no. Entry: submitted, proposing, countered or agreed and past its deadline; exit: expired."""
    row = locked(booking)
    if guards.deadline_is_over(row) or guards.unpaid(row):
        return row
    return perform(booking=row, action="expire", by=Actor.SYSTEM, deadline_at=None, closed_reason="nobody answered")


@transaction.atomic
def cancel_held(*, booking: Booking) -> Booking:
    """On hold for 14 days. Entry: on hold; exit: cancelled, everything refunded."""
    row = locked(booking)
    if row.state != State.ON_HOLD or guards.deadline_is_over(row):
        return row
    words = "This booking was on hold for 14 days. Everything was refunded."
    told = say("booking.closed_on_hold", title=row.title, count=HOLD_WINDOW.days)
    return _our_fault(row, "cancel_held", words, told)


def close_unchosen(row: Booking) -> Booking:
    """The brand chose nothing within its window; see services.silence. Entry: in review and locked; exit: cancelled,
    with what stays when a brand leaves that saw a picture."""
    _stop_making(row, "close_unchosen")
    settle_money(booking=row, rule=_brand_leaves(row))
    words = "the brand chose nothing within fourteen days"
    row = perform(booking=row, action="close_unchosen", by=Actor.SYSTEM, deadline_at=None, closed_reason=words)
    tell_about_closing(row, say("booking.closed_unchosen", title=row.title, count=CHOICE_WINDOW.days))
    return row


@transaction.atomic
def close_undelivered(*, booking: Booking) -> Booking:
    """No picture is left that could be shown. Entry: generating or in review; exit: closed, everything refunded."""
    row, words = locked(booking), "No picture could be delivered. Everything was refunded."
    return _our_fault(row, "close_undelivered", words, say("booking.closed_undelivered", title=row.title))


@transaction.atomic
def fail(*, booking: Booking) -> Booking:
    """No job succeeded. Entry: funded or generating; exit: failed, everything refunded, nobody's record marked."""
    row, words = locked(booking), "The pictures could not be made. Everything was refunded."
    return _our_fault(row, "fail", words, say("booking.closed_failed", title=row.title))


def settle_money(
    *, booking: Booking, rule: Rule, delivered: int = 0, ordered: int = 1, window: Fraction = WHOLE
) -> None:
    """Let what stays be earned and promise the rest back to the brand, in the caller's transaction.

    `window` is the part of the agreed days that the brand gets.
    """
    price = Quote.from_json(booking.current_terms.quote)
    closing = close(price, rule, delivered=delivered, ordered=ordered, window=window)
    if closing.refund_minor:
        refund(
            by=Actor.SYSTEM,
            charge_ref=booking.ref,
            amount_minor=closing.refund_minor,
            held_minor=closing.refund_held_minor,
            vat_minor=closing.refund_vat_minor,
            reason=f"{booking.code}: {rule.value.replace('_', ' ')}",
        )
    rows = royalties.close_unearned(charge_ref=booking.ref, closing=closing, closed_at=timezone.now(), by=Actor.SYSTEM)
    tell_crew(booking, rows)


def settle_delivery(*, booking: Booking, could_come: bool, licence: Licence) -> None:
    """Delivered: everything is earned, less the share of pictures that model or system withheld, and less the usage of
    the days that the calendar had no room for when it was late.

    Pictures that the brand could have had and did not choose are not missing; `could_come` says that the voucher
    still allowed some.
    """
    ordered = booking.current_terms.pictures
    offered = booking.reviews.filter(decision=Review.Decision.PASSED).count()
    delivered = ordered if could_come else min(ordered, offered)
    if delivered == ordered and not licence.credited_days:
        tell_crew(booking, royalties.earn(charge_ref=booking.ref, delivered_at=timezone.now(), by=Actor.SYSTEM))
    else:
        window = part_of_window(licence)
        settle_money(booking=booking, rule=Rule.OUR_FAULT, delivered=delivered, ordered=ordered, window=window)
        if licence.credited_days:
            tell_about_credit(booking, licence.credited_days)


def part_of_window(licence: Licence) -> Fraction:
    """Of the days that were agreed, those that the licence has."""
    days = (licence.ends_on - licence.starts_on).days + 1
    return Fraction(days, days + licence.credited_days)


def _brand_leaves(booking: Booking) -> Rule:
    passed = booking.reviews.filter(decision=Review.Decision.PASSED)
    if passed.filter(selected_at__isnull=False).exists():
        return Rule.BRAND_SELECTED
    if passed.exists():
        return Rule.BRAND_SAW_A_PICTURE
    return Rule.NOTHING_GENERATED


def _our_fault(row: Booking, action: str, words: str, told: Saying) -> Booking:
    """Everything goes back to the brand. Money first, audit last: the order of locks of every poster.

    `words` stay with the booking; `told` is what the parties read.
    """
    _stop_making(row, action)
    settle_money(booking=row, rule=Rule.OUR_FAULT, delivered=0, ordered=row.current_terms.pictures)
    row = perform(booking=row, action=action, by=Actor.SYSTEM, deadline_at=None, closed_reason=words)
    tell_about_closing(row, told)
    return row


def _stop_making(row: Booking, reason: str) -> None:
    """No voucher survives any exit."""
    revoke_vouchers(subject=row.ref, by=Actor.SYSTEM, reason=reason)
