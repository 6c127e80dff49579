"""The conditions of an option's steps, each a function that answers with the reason why not, or None. A guard reads."""

from django.utils import timezone

from apps.bookings.calendar import countries_of, wish_of
from apps.bookings.models import Booking
from apps.bookings.states import State as BookingState
from apps.options.models import GrantRule, Option
from apps.options.states import LIVE, State
from apps.options.times import MOST_RANKS


def time_is_left(option: Option) -> str | None:
    return None if option.expires_at > timezone.now() else "This option is over."


def time_is_over(option: Option) -> str | None:
    return None if option.expires_at <= timezone.now() else "There is still time."


def ranks_are_left(option: Option) -> str | None:
    taken = Option.objects.live().meeting(option).count()
    return None if taken < MOST_RANKS else f"There are {MOST_RANKS} options for this use already; more are not kept."


def is_granted_by_rule(option: Option) -> str | None:
    rule = GrantRule.objects.filter(talent=option.twin.talent_id, party=option.decider)
    return None if rule.exists() else "Somebody decides about this option."


def not_renewed_yet(option: Option) -> str | None:
    return "An option is renewed once." if option.renewed_at else None


def challenger_is_gone(option: Option) -> str | None:
    behind = option.challenger
    return None if behind is None or behind.state not in LIVE else "The challenge is still running."


def challenge_is_over(option: Option) -> str | None:
    until = option.challenged_until
    return None if until and until <= timezone.now() else "There is still time to submit."


def is_submitted(option: Option) -> str | None:
    return None if submitted_under(option) else "Nothing was submitted under this option."


def not_submitted(option: Option) -> str | None:
    return "A booking was submitted in time." if submitted_under(option) else None


def submitted_under(option: Option) -> Booking | None:
    """What the brand submitted for this use since it asked, while its time ran."""
    until = min(option.expires_at, option.challenged_until or option.expires_at)
    if option.state != State.CHALLENGED:
        until = option.expires_at
    mine = Booking.objects.filter(
        brand=option.brand_id,
        twin=option.twin_id,
        category=option.category,
        submitted_at__gte=option.created_at,
        submitted_at__lte=until,
    ).exclude(state=BookingState.DRAFT)
    return next((booking for booking in mine.order_by("submitted_at") if is_about(booking, option)), None)


def is_about(booking: Booking, option: Option) -> bool:
    """Whether this booking is for at least a part of the use that the option names."""
    wish = wish_of(booking)
    return (
        (booking.twin_id, booking.category) == (option.twin_id, option.category)
        and not set(countries_of(booking.territories)).isdisjoint(option.territories)
        and wish.window.lower < option.window.upper
        and option.window.lower < wish.window.upper
    )
