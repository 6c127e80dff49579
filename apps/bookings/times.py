"""How long people have. Silence is no; nothing is decided by it in favour of anybody."""

from datetime import timedelta

from apps.bookings.states import State

ANSWER_WINDOW = timedelta(hours=72)
COUNTER_WINDOW = timedelta(hours=72)
PAYMENT_WINDOW = timedelta(days=7)
PICTURE_WINDOW = timedelta(hours=48)
# The window of each state that waits for somebody, for the reminder at half time.
WINDOWS = {
    State.SUBMITTED: ANSWER_WINDOW,
    State.PROPOSING: COUNTER_WINDOW,
    State.COUNTERED: COUNTER_WINDOW,
    State.AGREED: PAYMENT_WINDOW,
}
LAST_REMINDER = timedelta(hours=6)
TAKE_BACK = timedelta(minutes=10)
HOLD_WINDOW = timedelta(days=14)
CHOICE_WINDOW = timedelta(days=14)
# The voucher ends when the pictures must have been made; the licence's own dates are another matter.
VOUCHER_LASTS = timedelta(days=30)
CANDIDATES_PER_PICTURE = 3
