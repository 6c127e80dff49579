"""The crew line: who photographed, styled, did hair and make-up, named on every picture of a booking.

Brand and agency enter it; it closes when the brand has finished its selection, because the names are written into the
files then.
"""

from django.db import transaction
from django.db.models import Max, QuerySet

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import MOST_CREDITS, Booking, Credit, Licence
from apps.bookings.services.access import locked, require_brand, require_state
from apps.bookings.services.labelling import made_by
from apps.bookings.states import TERMINAL, State
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.organizations.permissions import Permission

OPEN = tuple(state for state in State if state not in TERMINAL)


@transaction.atomic
def add_credit(*, by: Actor, booking: Booking, role: str, name: str, role_text: str = "", contact: str = "") -> Credit:
    """Entry and exit: under way, selection not finished. Raises InvalidInput(field=…), NotAllowed, StaleState, and
    Refused for a renewal."""
    row = _open(by, booking)
    name, role_text, contact = (" ".join(text.split()) for text in (name, role_text, contact))
    if role not in Credit.Role.values:
        raise InvalidInput("Choose what this person did.", field="role")
    if role == Credit.Role.OTHER and not role_text:
        raise InvalidInput("Say in a few words what this person did.", field="role_text")
    if not name:
        raise InvalidInput("Who was it?", field="name")
    if row.credits.count() >= MOST_CREDITS:
        raise InvalidInput(f"At most {MOST_CREDITS} people are named.", field="name")
    last = row.credits.aggregate(last=Max("position"))["last"] or 0
    credit = row.credits.create(
        role=role,
        role_text=role_text if role == Credit.Role.OTHER else "",
        name=name,
        contact=contact,
        entered_by=by.party,
        position=last + 1,
    )
    record(kind="credit.added", subject=row.ref, by=by.label, payload={"role": role, "name": name})
    return credit


@transaction.atomic
def remove_credit(*, by: Actor, credit: Credit) -> None:
    """Either side may take a name off again. Raises NotAllowed, StaleState."""
    row = _open(by, credit.booking)
    record(kind="credit.removed", subject=row.ref, by=by.label, payload={"role": credit.role, "name": credit.name})
    credit.delete()


def crew_of(licence: Licence) -> QuerySet[Credit]:
    """Who is named on its pictures: the crew of the booking that made them, however often it was renewed since."""
    return Credit.objects.filter(booking=made_by(licence))


def may_credit(by: Actor, booking: Booking) -> bool:
    """Whether this person's pages offer it."""
    if booking.state not in OPEN or booking.finished_at or booking.renews_id:
        return False
    try:
        _require_side(by, booking)
    except NotAllowed:
        return False
    return True


def _open(by: Actor, booking: Booking) -> Booking:
    _require_side(by, booking)
    row = locked(booking)
    require_state(row, *OPEN)
    if row.finished_at:
        raise StaleState("The selection is finished: the names stand in the pictures already.")
    if row.renews_id:
        raise Refused("A renewal makes no picture: the crew of the first booking stays named.")
    return row


def _require_side(by: Actor, booking: Booking) -> None:
    if by.kind == "agency":
        by.require(Permission.ANSWER_FOR_AGENCY)
        if booking.agency is None or by.party != booking.agency.party:
            raise NotAllowed("Another agency answers for this booking.")
        return
    require_brand(by, booking, Permission.COMPOSE)
