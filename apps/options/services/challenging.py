"""The 24-hour challenge: a brand behind, ready to submit, makes the first one decide."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.bookings.states import State as BookingState
from apps.bookings.table import BY_ACTION as BOOKING_STEPS
from apps.common.errors import NotAllowed, Refused, StaleState
from apps.options import guards, news
from apps.options.machine import perform, right_of
from apps.options.models import Option
from apps.options.states import LIVE, State
from apps.options.times import CHALLENGE_WINDOW


@transaction.atomic
def challenge(*, by: Actor, option: Option, booking: Booking) -> Option:
    """`option` is the challenger's own, `booking` its draft that could be submitted this minute.

    Exit: the first option of those ahead is challenged; its brand has 24 hours to submit, or it falls. Returns it.
    Raises NotAllowed, StaleState when the challenger's option is over or a challenge runs already, Refused for a first
    option, for a draft about something else, and with every reason why the draft could not be submitted.
    """
    by.require(right_of(by))
    if by.kind != "brand" or by.party != option.brand.party or booking.brand_id != option.brand_id:
        raise NotAllowed("This is for others to do.")
    mine = Option.objects.with_parties().get(pk=option.pk)
    if mine.state not in LIVE:
        raise StaleState("Your own option is over. Please look again.")
    first = first_ahead(mine)
    if first is None:
        raise Refused("Yours is the first option: you can submit your booking at any time.", code="is_first")
    if first.state == State.CHALLENGED:
        raise StaleState("A challenge runs already. You will be told how it ends.")
    if reason := why_not_ready(booking, mine, first):
        raise Refused(reason, code="is_ready")
    until = timezone.now() + CHALLENGE_WINDOW
    challenged = perform(option=first, action="challenge", by=by, challenger=mine, challenged_until=until)
    news.tell_challenged(challenged)
    return challenged


def first_ahead(option: Option) -> Option | None:
    """The earliest live option that was granted before this one for the same use; None when this one is the first."""
    ahead = Option.objects.live().meeting(option).before(option)
    return ahead.with_parties().order_by("granted_at", "pk").first()


def why_not_ready(booking: Booking, *options: Option) -> str | None:
    """Ready to submit: every guard of a submission would let this draft pass now, and it is about these options."""
    if booking.state != BookingState.DRAFT:
        return "This booking was sent already."
    if not all(guards.is_about(booking, option) for option in options):
        return "This draft is about another use than the option. Compose one for the same category, countries and days."
    reasons = [guard(booking) for guard in BOOKING_STEPS["submit"].guards]
    return " ".join(reason for reason in reasons if reason) or None
