"""The crew line: who photographed, styled, did hair and make-up, named on every picture of a booking.

Brand and agency enter it; it closes when the brand has finished its selection, because the names are written into the
files then. What somebody of it is given beside the fee belongs to the terms: the brand says it in its draft and in a
version of its own, and who is given something stays named.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
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
from apps.pricing.ask import HIGHEST_CREW_MINOR

OPEN = tuple(state for state in State if state not in TERMINAL)


@transaction.atomic
def add_credit(
    *,
    by: Actor,
    booking: Booking,
    role: str,
    name: str,
    role_text: str = "",
    contact: str = "",
    email: str = "",
    share_minor: int | None = None,
) -> Credit:
    """Entry and exit: under way, selection not finished; with `share_minor`, what she is given beside the fee, a draft.

    Raises InvalidInput(field=…), NotAllowed, StaleState, and Refused for a renewal.
    """
    row = _open(by, booking)
    name, role_text, contact = (" ".join(text.split()) for text in (name, role_text, contact))
    email = _address(email)
    if role not in Credit.Role.values:
        raise InvalidInput("Choose what this person did.", field="role")
    if role == Credit.Role.OTHER and not role_text:
        raise InvalidInput("Say in a few words what this person did.", field="role_text")
    if not name:
        raise InvalidInput("Who was it?", field="name")
    if row.credits.count() >= MOST_CREDITS:
        raise InvalidInput(f"At most {MOST_CREDITS} people are named.", field="name")
    if share_minor is not None:
        _require_may_give(by, row, email)
    last = row.credits.aggregate(last=Max("position"))["last"] or 0
    credit = row.credits.create(
        role=role,
        role_text=role_text if role == Credit.Role.OTHER else "",
        name=name,
        contact=contact,
        email=email,
        entered_by=by.party,
        position=last + 1,
    )
    if share_minor is not None:
        _give(row, row.crew_split | {str(credit.pk): share_minor})
    facts = {"role": role, "name": name} | ({"share_minor": share_minor} if share_minor is not None else {})
    record(kind="credit.added", subject=row.ref, by=by.label, payload=facts)
    return credit


@transaction.atomic
def remove_credit(*, by: Actor, credit: Credit) -> None:
    """Either side may take a name off again, and with it, in a draft, what she was given. Raises NotAllowed,
    StaleState, and Refused for whom the terms give something."""
    row = _open(by, credit.booking)
    if str(credit.pk) in row.crew_split:
        if row.state != State.DRAFT:
            raise Refused(f"The terms give {credit.name} a share: the name stays with it.", code="has_a_share")
        _give(row, {key: amount for key, amount in row.crew_split.items() if key != str(credit.pk)})
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


def may_give(by: Actor, booking: Booking) -> bool:
    """Whether this person's pages offer to give a newly named person something beside the fee."""
    return booking.state == State.DRAFT and by.kind == "brand" and may_credit(by, booking)


def _address(typed: str) -> str:
    email = typed.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise InvalidInput("This is no e-mail address.", field="email") from error
    return email


def _require_may_give(by: Actor, booking: Booking, email: str) -> None:
    require_brand(by, booking, Permission.COMPOSE)
    if booking.state != State.DRAFT:
        raise StaleState("The request is sent: what the crew is given changes with a version of yours.")
    if not email:
        raise InvalidInput("Where is her share told of? Her e-mail address, please.", field="email")


def _give(booking: Booking, given: dict[str, int]) -> None:
    """Write a draft's split. Raises InvalidInput(field="share")."""
    if sum(given.values()) > HIGHEST_CREW_MINOR or any(amount <= 0 for amount in given.values()):
        highest = HIGHEST_CREW_MINOR // 100
        raise InvalidInput(f"More than nothing, and at most {highest:,} for the whole crew.", field="share")
    booking.crew_split = given
    booking.save(update_fields=["crew_split"])


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
