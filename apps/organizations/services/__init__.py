"""How agencies and brands come to be, are checked, and form teams."""

from apps.organizations.services.absences import announce_absence, end_absence, possible_deputies
from apps.organizations.services.checking import decide, possible_decisions, standing
from apps.organizations.services.credit import set_credit
from apps.organizations.services.inviting import accept, invite, open_invitation, send_again, withdraw
from apps.organizations.services.registering import Details, change_details, register
from apps.organizations.services.team import change_role, leave, remove

__all__ = [
    "Details",
    "accept",
    "announce_absence",
    "change_details",
    "change_role",
    "decide",
    "end_absence",
    "invite",
    "leave",
    "open_invitation",
    "possible_decisions",
    "possible_deputies",
    "register",
    "remove",
    "send_again",
    "set_credit",
    "standing",
    "withdraw",
]
