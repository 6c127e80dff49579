"""What a state means to the person who looks, and what comes next. The brand never learns who said no, or why."""

from dataclasses import dataclass

from apps.bookings.states import State


@dataclass(frozen=True)
class Words:
    """`tone` colours the chip; `chip` is short, `headline` and `next_step` open the booking's page."""

    tone: str
    chip: str
    headline: str
    next_step: str


WAITING = Words(
    "",
    "Waiting",
    "Waiting for answers",
    "The answers are sealed and open together. You hear within three days, a little later where a version for you is "
    "written. Silence is no.",
)
FOR_BRAND: dict[str, Words] = {
    State.DRAFT: Words("outline", "Draft", "A draft", "Nothing is sent until you send it."),
    State.SUBMITTED: WAITING,
    State.PROPOSING: WAITING,  # the brand does not learn that somebody set conditions
    State.COUNTERED: Words(
        "accent", "Counter-offer", "A counter-offer for you", "Read what is different, then accept or answer."
    ),
    State.AGREED: Words(
        "accent",
        "To pay",
        "Agreed. Pay and the pictures are made",
        "This version is signed, and held for you for 7 days.",
    ),
    State.FUNDED: Words("", "Paid", "Paid", "The pictures are started in a moment."),
    State.GENERATING: Words("", "Being made", "Pictures are being made", "Each one goes to the model first."),
    State.IN_REVIEW: Words(
        "accent", "In review", "Pictures to choose from", "You see each picture as soon as the model has passed it."
    ),
    State.ON_HOLD: Words("warn", "On hold", "On hold", "Work rests. After 14 days you get everything back."),
    State.DELIVERED: Words("pos", "Delivered", "Delivered", "Your pictures are in the library, with their licence."),
    State.DECLINED: Words("", "Not available", "Not available", "This twin is not available for this booking."),
    State.CANCELLED: Words("", "Cancelled", "Cancelled", "This booking is closed."),
    State.EXPIRED: Words("", "Expired", "Expired", "Time ran out before an agreement or a payment."),
    State.CLOSED_UNDELIVERED: Words("", "Closed", "Closed without pictures", "What was not delivered is refunded."),
    State.FAILED: Words("neg", "Failed", "The pictures could not be made", "You get everything back."),
}

# What the other parties read on the request page once it is no longer theirs to answer.
FOR_PARTIES: dict[str, Words] = {
    State.SUBMITTED: Words("", "Waiting", "Waiting for answers", "Answers are sealed and open together."),
    State.PROPOSING: Words(
        "", "Waiting", "A new version is being written", "Nobody said no. The brand sees nothing before it is signed."
    ),
    State.COUNTERED: Words(
        "", "Waiting", "The signed version is with the brand", "It accepts it, or answers with its own."
    ),
    State.AGREED: Words("pos", "Agreed", "Agreed", "The brand has 7 days to pay. Nothing is made before."),
    State.FUNDED: Words("pos", "Paid", "The brand has paid", "The money is held until the pictures are delivered."),
    State.GENERATING: Words("", "Being made", "Pictures are being made", "The model sees each one first."),
    State.IN_REVIEW: Words(
        "accent", "In review", "Pictures are being checked", "Only passed pictures reach the brand."
    ),
    State.ON_HOLD: Words("warn", "On hold", "On hold", "The twin is paused or a consent was withdrawn."),
    State.DELIVERED: Words("pos", "Delivered", "Delivered", "The licence runs, and your part is earned."),
    State.DECLINED: Words("", "Closed", "Closed", "No pictures will be made. The brand was told “not available”."),
    State.CANCELLED: Words("", "Cancelled", "Cancelled", "The booking was cancelled."),
    State.EXPIRED: Words("", "Expired", "Expired", "Time ran out. Silence is no."),
    State.CLOSED_UNDELIVERED: Words("", "Closed", "Closed without pictures", "What was not delivered is refunded."),
    State.FAILED: Words("neg", "Failed", "The pictures could not be made", "The brand gets everything back."),
}
