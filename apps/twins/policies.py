"""Who may do something with a twin: its talent in person."""

from apps.accounts.actor import Actor
from apps.common.errors import NotAllowed
from apps.organizations.permissions import Permission
from apps.talent.models import Talent


def require_herself(by: Actor, talent: Talent, permission: Permission = Permission.SIGN_CONSENT) -> None:
    """A twin belongs to its talent: no agency, brand or member of staff acts on it instead."""
    by.require(permission)
    if by.party != talent.party or by.user_id != talent.user_id:
        raise NotAllowed("Only the model in person can do this.")
