"""How agencies and brands come to be, are checked, and form teams."""

from apps.organizations.services.checking import decide, possible_decisions, standing
from apps.organizations.services.credit import set_credit
from apps.organizations.services.inviting import accept, invite, open_invitation, send_again, withdraw
from apps.organizations.services.registering import Details, change_details, register
from apps.organizations.services.team import change_role, leave, remove

__all__ = [
    "Details",
    "accept",
    "change_details",
    "change_role",
    "decide",
    "invite",
    "leave",
    "open_invitation",
    "possible_decisions",
    "register",
    "remove",
    "send_again",
    "set_credit",
    "standing",
    "withdraw",
]
