"""The deal memo of a booking as its parties read it, and as it was signed."""

from apps.bookings import memo
from apps.bookings.models import Approval, Booking, Terms
from apps.bookings.states import State
from apps.bookings.terms import facts_of_terms
from apps.common.legal_texts import language_of
from apps.signatures.models import Signature

# Back here, an agreement no longer stands: the answers are sealed again, or another version is on the table.
NOT_AGREED = frozenset({State.SUBMITTED, State.PROPOSING, State.COUNTERED})


def read_memo(terms: Terms, wanted: str) -> memo.Reading:
    """This version in the language that somebody reads (any BCP 47 code; empty: the one that binds)."""
    return memo.reading(
        facts_of_terms(terms),
        bound=terms.memo_text,
        bound_language=terms.memo_language,
        wanted=language_of(wanted) if wanted else terms.memo_language,
    )


def agreed_memo(booking: Booking) -> Signature | None:
    """What she signed of the version in force, once it is agreed; before that nobody but she knows whether she has.

    A booking that was agreed and ended later keeps it; one whose answer was taken back does not.
    """
    if not was_agreed(booking):
        return None
    hers = Approval.objects.filter(
        terms__booking=booking,
        terms__version=booking.version,
        side=Approval.Side.TALENT,
        answer=Approval.Answer.YES,
        taken_back_at=None,
    )
    return Signature.objects.filter(approval__in=hers).select_related("certificate__file").first()


def was_agreed(booking: Booking) -> bool:
    """Whether the last thing that was decided between the parties is an agreement."""
    targets = booking.transitions.order_by("created_at").values_list("target", flat=True)
    decided = [target for target in targets if target in NOT_AGREED or target == State.AGREED]
    return bool(decided) and decided[-1] == State.AGREED
