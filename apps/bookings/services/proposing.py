"""Conditions were set: one joint version, no worse than what the model asked for, and she signs exactly that."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings import terms as terms_of
from apps.bookings import warnings
from apps.bookings.conditions import UNCONDITIONAL, Conditions, Offer, beyond, worse_than
from apps.bookings.guards import agency_is_checked
from apps.bookings.models import Approval, Booking, Terms
from apps.bookings.services.access import locked, require_state, side_of
from apps.bookings.services.answers import seal, withdraw_proposals
from apps.bookings.services.news import tell_about_proposal
from apps.bookings.states import State
from apps.bookings.times import COUNTER_WINDOW
from apps.bookings.turns import said_no_instead
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState


@transaction.atomic
def propose(
    *,
    by: Actor,
    booking: Booking,
    version: int,
    media: Sequence[str],
    territories: Sequence[str],
    window_months: int,
    exclusivity: str,
    pictures: int,
    fee_minor: int | None,
) -> Terms:
    """Write the joint version that answers the conditions to `version`, or write it anew while it is not signed.

    Entry and exit: proposing. The author is the agency, whose yes it carries, or the model herself where none
    represents her. The brand sees nothing of it yet. The first one gives her 72 hours to sign. `fee_minor` None is the
    rate card's. Raises NotAllowed, StaleState (another version, or she answered it already), InvalidInput(field=…)
    where it is worse than her conditions or gives the brand more than it asked for, Refused when something stands
    against it.
    """
    side = author_side(by, booking)
    by.require_step_up()
    row = locked(booking)
    require_state(row, State.PROPOSING)
    if version != row.version:
        raise StaleState("The terms changed since you opened this page. Please read the new version.")
    if side == Approval.Side.AGENCY and (reason := agency_is_checked(row)):
        raise Refused(reason, code="agency_is_checked")
    if said_no_instead(row):
        raise StaleState("You said no to this request. Take that back first.")
    former = terms_of.proposal_of(row)
    if former and former.approvals.filter(side=Approval.Side.TALENT, taken_back_at=None).exists():
        raise StaleState("The model has already answered this version.")
    fields = {
        "media": list(media),
        "territories": list(territories),
        "window_months": window_months,
        "exclusivity": exclusivity,
        "fee_minor": fee_minor,
    }
    other = terms_of.with_fields(row, **fields)
    _require_fair(row, other, pictures)
    withdraw_proposals(row)
    written = terms_of.write(booking=other, author=by.party, pictures=pictures)
    if found := warnings.standing_against(other, fee_minor=written.fee_minor):
        raise Refused(" ".join(warning.message for warning in found), code="nothing_stands_against_it")
    record(kind="booking.proposed", subject=row.ref, by=by.label, payload={"version": written.version})
    if side == Approval.Side.AGENCY:
        seal(by=by, terms=written, side=side, answer=Approval.Answer.YES)
        tell_about_proposal(row)
    if former is None:
        Booking.objects.filter(pk=row.pk).update(deadline_at=timezone.now() + COUNTER_WINDOW)
    return written


def author_side(by: Actor, booking: Booking) -> Approval.Side:
    """Who writes the joint version. Raises NotAllowed for everybody else, a represented model too."""
    side = side_of(by, booking)
    if side == Approval.Side.TALENT and booking.agency_id:
        raise NotAllowed("Your agency writes the version; you sign it.")
    return side


def hers(booking: Booking) -> Conditions:
    """The model's conditions to the version in force; none where she said yes to it."""
    given = Approval.objects.filter(
        terms__booking=booking, terms__version=booking.version, side=Approval.Side.TALENT, taken_back_at=None
    ).first()
    return Conditions.from_json(given.conditions) if given else UNCONDITIONAL


def _require_fair(row: Booking, other: Booking, pictures: int) -> None:
    asked = terms_of.offer_of(row.current_terms)
    offer = Offer(
        fee_minor=terms_of.quote_of(other, pictures=pictures).fee_minor,
        currency=asked.currency,
        window_months=other.window_months,
        media=tuple(other.media),
        territories=tuple(other.territories),
        exclusivity=other.exclusivity,
        pictures=pictures,
        looks=asked.looks,
    )
    for problems in (beyond(asked, offer), worse_than(hers(row), offer)):
        for field, message in problems.items():
            raise InvalidInput(message, field=field)
