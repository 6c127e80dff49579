"""A counter-offer before the brand: accept exactly that version, or answer with its own."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings import terms as terms_of
from apps.bookings.crew_split import check as check_crew_split
from apps.bookings.guards import rounds_are_left
from apps.bookings.machine import perform
from apps.bookings.models import Booking
from apps.bookings.policies import plan_approvals
from apps.bookings.services.access import locked, require_brand, require_state
from apps.bookings.services.compose import clean
from apps.bookings.services.news import tell_about_acceptance, tell_about_request
from apps.bookings.states import State
from apps.bookings.times import ANSWER_WINDOW, PAYMENT_WINDOW
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.organizations.permissions import Permission

OWN_FIELDS = frozenset(
    {"media", "territories", "window_months", "starts_on", "exclusivity", "category", "fee_minor", "crew_split"}
)


@transaction.atomic
def accept_counter(*, by: Actor, booking: Booking, version: int) -> Booking:
    """The brand takes the version that it sees. Entry: countered; exit: agreed, seven days to pay.

    Raises NotAllowed, StaleState (the version was taken back or another one came), Refused when something stands
    against it by now.
    """
    require_brand(by, booking, Permission.ACCEPT_TERMS)
    row = _countered(booking, version)
    row = perform(booking=row, action="accept_counter", by=by, deadline_at=timezone.now() + PAYMENT_WINDOW)
    tell_about_acceptance(row)
    return row


@transaction.atomic
def resubmit(*, by: Actor, booking: Booking, version: int, pictures: int, **fields: Any) -> Booking:
    """The brand answers a counter-offer with its own version. Entry: countered; exit: submitted, new sealed answers.

    At most five rounds. Raises NotAllowed, StaleState, InvalidInput(field=…) for what cannot be priced, Refused with
    every reason that stands against it, also where another agency would answer: that is a new request.
    """
    if unknown := set(fields) - OWN_FIELDS:
        raise TypeError(f"not fields of a version: {sorted(unknown)}")
    require_brand(by, booking, Permission.COMPOSE)
    row = _countered(booking, version)
    if reason := rounds_are_left(row):
        raise Refused(reason, code="rounds_are_left")
    looks = row.looks.count()
    most = most_pictures(row)
    if not looks <= pictures <= most:
        raise InvalidInput(f"From {looks} to {most} pictures: more are a new request.", field="pictures")
    for name, value in fields.items():
        setattr(row, name, value)
    if row.starts_on and row.starts_on < timezone.now().date():
        raise InvalidInput("The licence cannot start in the past.", field="starts_on")
    clean(row)
    check_crew_split(row, row.crew_split)
    _require_same_agency(row)
    written = terms_of.write(booking=row, author=by.party, pictures=pictures)
    terms_of.adopt(booking=row, terms=written)
    Booking.objects.filter(pk=row.pk).update(version=written.version)
    until = timezone.now() + ANSWER_WINDOW
    row = perform(booking=row, action="resubmit", by=by, rounds=row.rounds + 1, deadline_at=until)
    tell_about_request(row)
    return row


def most_pictures(booking: Booking) -> int:
    """What the brand ordered first: the looks were described, answered and priced for no more."""
    return booking.terms.get(version=1).pictures


def _countered(booking: Booking, version: int) -> Booking:
    row = locked(booking)
    require_state(row, State.COUNTERED)
    if version != row.version:
        raise StaleState("The version changed since you opened this page. Please read the new one.")
    return row


def _require_same_agency(row: Booking) -> None:
    """The plan of approvals is frozen; a version for which another agency would answer is another booking."""
    plan = plan_approvals(
        talent=row.twin.talent,
        territories=row.territories,
        brand_country=row.brand.country,
        day=timezone.now().date(),
    )
    if plan.agency != row.agency:
        raise Refused("Another agency answers for these countries. Please send a new request for them.", code="agency")
