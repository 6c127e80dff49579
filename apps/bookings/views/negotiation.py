"""What the pages of a negotiation share: the conditions' form, the difference between versions, who may write."""

from dataclasses import replace

from apps.accounts.actor import Actor
from apps.bookings import memo
from apps.bookings.models import Booking, Terms
from apps.bookings.negotiation_forms import ConditionsForm
from apps.bookings.services.proposing import author_side
from apps.bookings.states import State
from apps.bookings.terms import facts_of_terms, offer_of
from apps.bookings.turns import said_no_instead
from apps.common.errors import NotAllowed
from apps.common.money import BASIS_POINTS
from apps.organizations.permissions import Permission

PERCENT = 100
SAID_TO_HER = {
    " You see each one before it leaves.": "",
    " You may work for anybody else.": "",
    "they must take them down": "you take them down",
}


def conditions_form(terms: Terms, actor: Actor, *data: object) -> ConditionsForm:
    """With what was typed, else with everything as the brand asks for it."""
    share = _share(terms, actor)
    return ConditionsForm(offer_of(terms), *data, share=share, initial={"version": terms.version})


def version_before(booking: Booking, terms: Terms) -> Terms | None:
    """The last version that the other side wrote, of those that were ever in force; None for the first one."""
    rows = booking.terms.filter(version__lt=terms.version, withdrawn_at=None)
    return rows.exclude(author=terms.author).order_by("-version").first()


def differences(booking: Booking, terms: Terms) -> list[memo.Change]:
    """What reads otherwise than in the version that this one answers, the money first."""
    before = version_before(booking, terms)
    if before is None:
        return []
    before.booking = terms.booking = booking  # the looks and parties are loaded there
    return memo.changes(facts_of_terms(before), facts_of_terms(terms))


def for_brand(changes: list[memo.Change]) -> list[memo.Change]:
    """The memo speaks to the model; the brand reads the same lines without what is said to her."""
    return [replace(change, before=_to_brand(change.before), after=_to_brand(change.after)) for change in changes]


def _to_brand(line: str) -> str:
    for hers, theirs in SAID_TO_HER.items():
        line = line.replace(hers, theirs)
    return line


def may_write(actor: Actor, booking: Booking) -> bool:
    """Whether this person writes the joint version now, or says no instead; the services decide again."""
    wanted = Permission.ANSWER_AS_TALENT if actor.kind == "talent" else Permission.ANSWER_FOR_AGENCY
    if booking.state != State.PROPOSING or not actor.can(wanted) or said_no_instead(booking):
        return False
    try:
        author_side(actor, booking)
    except NotAllowed:
        return False
    return True


def _share(terms: Terms, actor: Actor) -> str:
    """What part of the fee reaches her, in words for the field where she names a fee."""
    if actor.kind != "talent":
        return ""
    hers = sum(share["amount_minor"] for share in terms.split if share["party"] == actor.party)
    percent = hers * BASIS_POINTS // terms.fee_minor // PERCENT
    return f"You would receive {percent}% of what you ask."
