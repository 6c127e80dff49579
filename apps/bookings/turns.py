"""Whose turn it is while a booking waits for somebody. The brand never learns which of the two it waits for."""

from apps.bookings.models import Approval, Booking
from apps.bookings.states import State
from apps.bookings.terms import proposal_of


def waits_for(booking: Booking) -> list[str]:
    """The parties without whom this booking does not go on; nobody where work or the clock moves it."""
    if booking.state == State.SUBMITTED:
        answered = _answered(booking, booking.version)
        return [party for party in voters(booking) if party not in answered]
    if booking.state == State.PROPOSING:
        proposal = proposal_of(booking)
        if proposal is None:
            return [] if said_no_instead(booking) else [author_of(booking)]
        talent = booking.twin.talent.party
        return [] if talent in _answered(booking, proposal.version) else [talent]
    return [booking.brand.party] if booking.state in {State.COUNTERED, State.AGREED} else []


def voters(booking: Booking) -> list[str]:
    return [booking.twin.talent.party, *([booking.agency.party] if booking.agency else [])]


def author_of(booking: Booking) -> str:
    """Who writes the joint version: the agency, or the model herself where none represents her."""
    return booking.agency.party if booking.agency else booking.twin.talent.party


def said_no_instead(booking: Booking) -> bool:
    """Whether, of a booking that waits for a version, the author said no instead of writing one."""
    standing = Approval.objects.filter(terms__booking=booking, terms__version=booking.version, taken_back_at=None)
    return standing.filter(answer=Approval.Answer.NO).exists()


def _answered(booking: Booking, version: int) -> set[str]:
    rows = Approval.objects.filter(terms__booking=booking, terms__version=version, taken_back_at=None)
    return set(rows.values_list("party", flat=True))
