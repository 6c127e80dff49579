"""What a person may do for an organisation, and which role carries it."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    VIEW = "view"
    COMPOSE = "compose"  # write and submit bookings for a brand
    ACCEPT_TERMS = "accept_terms"  # accept a counter for a brand
    PAY = "pay"
    SELECT_PICTURES = "select_pictures"
    DOWNLOAD = "download"
    ANSWER_FOR_AGENCY = "answer_for_agency"
    MANAGE_ROSTER = "manage_roster"
    SEE_MONEY = "see_money"
    SET_UP_PAYOUTS = "set_up_payouts"  # where the party's own money goes
    MANAGE_TEAM = "manage_team"
    # What a model does for herself. No role of an organisation carries these: nobody signs for her.
    ANSWER_AS_TALENT = "answer_as_talent"
    DECIDE_PICTURES = "decide_pictures"
    SIGN_CONSENT = "sign_consent"
    PAUSE_TWIN = "pause_twin"


TALENT_PERMISSIONS = frozenset(
    {
        Permission.VIEW,
        Permission.SEE_MONEY,
        Permission.SET_UP_PAYOUTS,
        Permission.ANSWER_AS_TALENT,
        Permission.DECIDE_PICTURES,
        Permission.SIGN_CONSENT,
        Permission.PAUSE_TWIN,
    }
)

# What somebody whom a crew's share was given to does for herself: read what she earned, say where it goes.
CREW_PERMISSIONS = frozenset({Permission.SEE_MONEY, Permission.SET_UP_PAYOUTS})

_BRAND_PRODUCER = frozenset({Permission.VIEW, Permission.COMPOSE, Permission.SELECT_PICTURES, Permission.DOWNLOAD})
_BRAND_FINANCE = frozenset({Permission.VIEW, Permission.PAY, Permission.SEE_MONEY})
_BOOKER = frozenset({Permission.VIEW, Permission.ANSWER_FOR_AGENCY, Permission.MANAGE_ROSTER, Permission.SEE_MONEY})

ROLE_PERMISSIONS: dict[str, dict[str, frozenset[Permission]]] = {
    "brand": {
        "owner": _BRAND_PRODUCER | _BRAND_FINANCE | {Permission.ACCEPT_TERMS, Permission.MANAGE_TEAM},
        "producer": _BRAND_PRODUCER | {Permission.ACCEPT_TERMS, Permission.PAY},
        "finance": _BRAND_FINANCE,
        "viewer": frozenset({Permission.VIEW}),
    },
    "agency": {
        "owner": _BOOKER | {Permission.PAY, Permission.MANAGE_TEAM, Permission.SET_UP_PAYOUTS},
        "booker": _BOOKER,
        "accountant": frozenset({Permission.VIEW, Permission.PAY, Permission.SEE_MONEY, Permission.SET_UP_PAYOUTS}),
    },
}

OWNER = "owner"


def roles_with(kind: str, permission: Permission) -> list[str]:
    """The roles of an agency or a brand that carry this right."""
    return [role for role, carries in ROLE_PERMISSIONS[kind].items() if permission in carries]


@dataclass(frozen=True)
class RoleWords:
    """How screens and mails name a role, and what it lets somebody do."""

    label: str
    may: str


ROLE_WORDS: dict[str, dict[str, RoleWords]] = {
    "brand": {
        "owner": RoleWords("Owner", "Everything, the team and the details of the brand too"),
        "producer": RoleWords("Producer", "Composes bookings, pays, chooses and downloads pictures"),
        "finance": RoleWords("Finance", "Pays and reads the figures"),
        "viewer": RoleWords("Viewer", "Looks, and changes nothing"),
    },
    "agency": {
        "owner": RoleWords("Owner", "Everything, the team and the details of the agency too"),
        "booker": RoleWords("Booker", "Answers requests, keeps the roster, reads the figures"),
        "accountant": RoleWords("Accountant", "Reads the figures, pays for programmes, sets up payouts"),
    },
}
ALL_ROLES = sorted({role for words in ROLE_WORDS.values() for role in words})
