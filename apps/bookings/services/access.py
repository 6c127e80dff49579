"""Who may act on this booking at all; the state machine then checks the step itself."""

from apps.accounts.actor import Actor
from apps.bookings.models import Approval, Booking
from apps.bookings.states import State
from apps.common.errors import NotAllowed, StaleState
from apps.organizations.permissions import Permission


def require_brand(by: Actor, booking: Booking, permission: Permission) -> None:
    """Raises NotAllowed unless this is one of the booking brand's own people with the right."""
    by.require(permission)
    if by.kind != "brand" or by.party != booking.brand.party:
        raise NotAllowed("This booking belongs to another brand.")


def require_talent(by: Actor, booking: Booking, permission: Permission) -> None:
    """Raises NotAllowed unless this is the model herself. Nobody stands in for her, staff included."""
    by.require(permission)
    talent = booking.twin.talent
    if by.kind != "talent" or by.party != talent.party or by.user_id != talent.user_id:
        raise NotAllowed("Only the model herself can do this.")


def side_of(by: Actor, booking: Booking) -> Approval.Side:
    """Which vote this person casts. Raises NotAllowed for everybody without one (a mother agency has none)."""
    if by.kind == "talent":
        require_talent(by, booking, Permission.ANSWER_AS_TALENT)
        return Approval.Side.TALENT
    by.require(Permission.ANSWER_FOR_AGENCY)
    if booking.agency is None or by.party != booking.agency.party:
        raise NotAllowed("Another agency answers for this booking.")
    return Approval.Side.AGENCY


def require_state(booking: Booking, *states: State) -> None:
    if booking.state not in states:
        raise StaleState(f"This booking is now “{State(booking.state).label}”. Please look again.")


def locked(booking: Booking) -> Booking:
    """The booking's row, locked first of all; see the order of locks in the architecture."""
    return Booking.objects.select_for_update(of=("self",)).with_parties().get(pk=booking.pk)


def own_draft(by: Actor, booking: Booking) -> Booking:
    """The row of a draft of this actor's brand, locked. Raises NotAllowed, StaleState when it is no draft any more."""
    require_brand(by, booking, Permission.COMPOSE)
    row = locked(booking)
    require_state(row, State.DRAFT)
    return row
