"""Who may gather twins, and for whom."""

from apps.accounts.actor import Actor
from apps.boards.models import Board
from apps.common.errors import NotAllowed
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission

CURATES = {Organization.Kind.AGENCY: Permission.MANAGE_ROSTER, Organization.Kind.BRAND: Permission.COMPOSE}


def curates(by: Actor, organization: Organization) -> bool:
    """Whether she composes this brand's bookings, or keeps this agency's roster."""
    ours = by.party == organization.party and by.kind == organization.kind
    return ours and by.can(CURATES[Organization.Kind(organization.kind)])


def require_curator(by: Actor, organization: Organization) -> None:
    if not curates(by, organization):
        raise NotAllowed("Your role does not include choosing twins. Ask the owner of your account.")


def require_keeper_of(by: Actor, board: Board) -> None:
    """A board is its whole organisation's; a shortlist is the one person's who presses."""
    require_curator(by, board.organization)
    if board.kind == Board.Kind.SHORTLIST and board.made_by_id != by.user_id:
        raise NotAllowed("This shortlist is somebody else’s.")
