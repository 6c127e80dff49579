"""The states of a booking, in the words of the product."""

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waiting for answers"
    PROPOSING = "proposing", "A new version is being written"
    COUNTERED = "countered", "A counter-offer waits"
    AGREED = "agreed", "Agreed, waiting for payment"
    FUNDED = "funded", "Paid"
    GENERATING = "generating", "Pictures are being made"
    IN_REVIEW = "in_review", "In review"
    ON_HOLD = "on_hold", "On hold"
    DELIVERED = "delivered", "Delivered"
    DECLINED = "declined", "Not available"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"
    CLOSED_UNDELIVERED = "closed_undelivered", "Closed without pictures"
    FAILED = "failed", "Failed"


INITIAL = State.DRAFT
TERMINAL = frozenset(
    {State.DELIVERED, State.DECLINED, State.CANCELLED, State.EXPIRED, State.CLOSED_UNDELIVERED, State.FAILED}
)
BEFORE_AGREEMENT = frozenset({State.DRAFT, State.SUBMITTED, State.PROPOSING, State.COUNTERED})
# From agreement on the twin's rights are taken; an exit gives them back.
HOLDS_RIGHTS = frozenset(
    {State.AGREED, State.FUNDED, State.GENERATING, State.IN_REVIEW, State.ON_HOLD, State.DELIVERED}
)
IN_THE_MAKING = frozenset({State.FUNDED, State.GENERATING, State.IN_REVIEW})
