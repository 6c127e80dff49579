"""Sealed answers: model and agency answer blind to each other, both open together."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings import calendar, guards
from apps.bookings.conditions import UNCONDITIONAL, Conditions, check
from apps.bookings.machine import perform
from apps.bookings.models import Approval, Booking, Terms
from apps.bookings.services.access import locked, require_state, side_of
from apps.bookings.services.desks import stood_in
from apps.bookings.services.news import (
    tell_about_agreement,
    tell_about_conditions,
    tell_about_counter,
    tell_about_decline,
)
from apps.bookings.states import State
from apps.bookings.terms import adopt, offer_of, proposal_of
from apps.bookings.times import ANSWER_WINDOW, COUNTER_WINDOW, PAYMENT_WINDOW, TAKE_BACK
from apps.bookings.turns import author_of
from apps.common.canonical import canonical_json, sha256_hex
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.signatures.models import Signature
from apps.signatures.services import require_as_shown, sign

LONGEST_REASON = 500


@transaction.atomic
def answer(
    *,
    by: Actor,
    booking: Booking,
    version: int,
    answer: str,
    reason: str = "",
    conditions: Conditions = UNCONDITIONAL,
    shown_sha256: str | None = None,
) -> Booking:
    """Seal one party's yes, no or conditions to one version of the terms.

    Entry: submitted, or proposing where the model answers a written proposal with yes or no, and where whoever writes
    the versions says no instead: that no stands in place of its former answer. Exit: the same, or agreed or proposing
    when this was the last answer, or countered when she signed the proposal. A yes and conditions count at once; a no
    counts when its ten minutes are over. The model's yes signs the deal memo. A model never has to
    explain: `reason` is optional and private. `shown_sha256` is of the memo on her screen; None only where no screen
    stood between. Raises StaleState when the terms or the text changed or the answer is already given,
    StepUpNeeded, NotAllowed, InvalidInput(field=…) for conditions that ask nothing or too much, Refused when something
    stands against the agreement by now.
    """
    side = side_of(by, booking)
    by.require_step_up()
    if answer not in Approval.Answer.values:
        raise InvalidInput("Answer yes, no or with conditions.", field="answer")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"At most {LONGEST_REASON} characters.", field="reason")
    row = locked(booking)
    terms = _asked_of(row, by, side, answer)
    if version != terms.version:
        raise StaleState("The terms changed since you opened this page. Please read the new version.")
    if side == Approval.Side.AGENCY and (reason_why_not := guards.agency_is_checked(row)):
        raise Refused(reason_why_not, code="agency_is_checked")
    if answer == Approval.Answer.YES:
        calendar.take_turns(row.twin_id)  # before the chain of the audit: this yes may be the agreement
    if answer == Approval.Answer.CONDITIONS:
        if row.state == State.PROPOSING:
            raise InvalidInput("This version is answered with yes or no.", field="answer")
        check(conditions, offer_of(terms))
    elif conditions != UNCONDITIONAL:
        raise InvalidInput("Conditions come with no yes and no no.", field="answer")
    signs = side == Approval.Side.TALENT and answer == Approval.Answer.YES
    signature = _sign_memo(by, row, terms, shown_sha256) if signs else None
    if row.state == State.PROPOSING and terms.version == row.version:
        _give_up_writing(row, side)
    seal(by=by, terms=terms, side=side, answer=answer, reason=reason, conditions=conditions, signature=signature)
    if row.state == State.PROPOSING:
        return _settle_proposal(row, terms, by)
    return _settle(row)


@transaction.atomic
def take_back(*, by: Actor, booking: Booking) -> Booking:
    """Take one's latest answer back within ten minutes while unpaid.

    Entry: submitted, proposing, countered or agreed. Exit: submitted, unanswered by this side; but a yes or no to a
    proposal leaves the booking proposing, and the author's own yes takes the proposal away with it. A no said instead
    of writing a version leaves it proposing too, with the answer from before.
    """
    side = side_of(by, booking)
    row = locked(booking)
    require_state(row, State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED)
    now = timezone.now()
    mine = _latest(row, side)
    if row.state == State.AGREED and (reason := guards.unpaid(row)):
        raise StaleState(reason)
    if mine is None or mine.answered_at <= now - TAKE_BACK:
        raise StaleState("The ten minutes are over. Speak with your agency or with us.")
    Approval.objects.filter(pk=mine.pk).update(taken_back_at=now)
    whose = {"side": side.value, **stood_in(by, row)}
    record(kind="booking.answer_taken_back", subject=row.ref, by=by.label, payload=whose)
    if mine.terms.version > row.version:  # to a proposal
        if side == Approval.Side.AGENCY:
            withdraw_proposals(row)
        return row
    if row.state == State.PROPOSING and mine.answer == Approval.Answer.NO:
        _stand_again(row, side)
        return row
    if row.state == State.COUNTERED:
        return _reopen(row)
    Approval.objects.filter(terms__booking=row, terms__version=row.version).update(opened_at=None)
    if row.state == State.SUBMITTED:
        return row
    withdraw_proposals(row)
    return perform(booking=row, action="take_back", by=Actor.SYSTEM, deadline_at=now + ANSWER_WINDOW)


@transaction.atomic
def settle_answers(*, booking: Booking) -> Booking:
    """Close a request whose no counts by now. Idempotent; called by the sweep."""
    row = locked(booking)
    return _settle(row) if row.state in {State.SUBMITTED, State.PROPOSING} else row


def seal(
    *,
    by: Actor,
    terms: Terms,
    side: Approval.Side,
    answer: str,
    reason: str = "",
    conditions: Conditions = UNCONDITIONAL,
    signature: Signature | None = None,
) -> None:
    """Write one side's answer to one version, in the caller's transaction. Raises StaleState for a second one."""
    now = timezone.now()
    if by.user_id is None:
        raise NotAllowed("A person answers, never the system.")
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                terms=terms,
                side=side,
                party=by.party,
                answer=answer,
                conditions=conditions.as_json(),
                private_reason=reason,
                signature=signature,
                answered_by=by.user_id,
                answered_at=now,
                counts_from=now + TAKE_BACK if answer == Approval.Answer.NO else now,
            )
    except IntegrityError as error:
        raise StaleState("This side has already answered.") from error
    # The chain proves when the answer was sealed; what it says stays sealed in it until both are open.
    sealed = sha256_hex(canonical_json([str(approval.pk), answer, reason, conditions.as_json(), now.isoformat()]))
    record(
        kind="booking.answer_sealed",
        subject=terms.booking.ref,
        by=by.label,
        payload={"side": side.value, "version": terms.version, "sealed": sealed, **stood_in(by, terms.booking)},
    )


def withdraw_proposals(row: Booking) -> None:
    """No proposal of this booking can be signed any more."""
    row.terms.filter(version__gt=row.version, withdrawn_at=None).update(withdrawn_at=timezone.now())


def _asked_of(row: Booking, by: Actor, side: Approval.Side, answer: str) -> Terms:
    """The version that this side is asked about now. Raises StaleState where it is not its turn."""
    require_state(row, State.SUBMITTED, State.PROPOSING)
    if row.state == State.SUBMITTED:
        return row.current_terms
    proposal = proposal_of(row)
    if side == Approval.Side.TALENT and proposal is not None:
        return proposal
    if answer == Approval.Answer.NO and by.party == author_of(row):
        return row.current_terms
    raise StaleState("A new version is being written. Please look again.")


def _give_up_writing(row: Booking, side: Approval.Side) -> None:
    """The author says no instead: what was written cannot be signed any more, and the answer from before makes room."""
    former = row.current_terms.approvals.filter(side=side, taken_back_at=None)
    if former.filter(answer=Approval.Answer.NO).exists():
        raise StaleState("This side has already answered.")
    proposal = proposal_of(row)
    if proposal and proposal.approvals.exclude(side=side).filter(taken_back_at=None).exists():
        raise StaleState("The model has already answered this version.")  # her no is not to be lost with it
    former.update(taken_back_at=timezone.now())
    withdraw_proposals(row)


def _stand_again(row: Booking, side: Approval.Side) -> None:
    """The no is taken back; the answer that it replaced is the one that stands, opened as it was."""
    replaced = row.current_terms.approvals.filter(side=side).exclude(answer=Approval.Answer.NO)
    latest = replaced.order_by("-answered_at")[:1]
    Approval.objects.filter(pk__in=latest.values("pk")).update(taken_back_at=None)


def _settle(row: Booking) -> Booking:
    if guards.a_no_counts(row) is None:
        _open_answers(row)
        closed = perform(booking=row, action="decline", by=Actor.SYSTEM, deadline_at=None)
        tell_about_decline(closed)
        return closed
    if row.state != State.SUBMITTED:
        return row
    if guards.all_said_yes(row) is None:
        _open_answers(row)
        agreed = perform(booking=row, action="agree", by=Actor.SYSTEM, deadline_at=timezone.now() + PAYMENT_WINDOW)
        tell_about_agreement(agreed)
        return agreed
    if guards.all_answered_with_conditions(row) is None:
        _open_answers(row)
        until = timezone.now() + COUNTER_WINDOW
        proposing = perform(booking=row, action="open_conditions", by=Actor.SYSTEM, deadline_at=until)
        tell_about_conditions(proposing)
        return proposing
    return row


def _settle_proposal(row: Booking, proposal: Terms, by: Actor) -> Booking:
    """Her yes was the last that a proposal needs: the brand sees it from now on."""
    if guards.proposal_is_signed(row) is not None:
        return row
    now = timezone.now()
    countered = perform(
        booking=row, action="counter", by=by, version=proposal.version, deadline_at=now + COUNTER_WINDOW
    )
    proposal.approvals.update(opened_at=now)
    adopt(booking=countered, terms=proposal)
    tell_about_counter(countered)
    return countered


def _reopen(row: Booking) -> Booking:
    """The brand's version is in force again, and the counter-offer is gone."""
    now = timezone.now()
    taken = row.current_terms
    before = row.terms.filter(version__lt=row.version, withdrawn_at=None).order_by("-version")[0]
    row.terms.filter(pk=taken.pk).update(withdrawn_at=now)
    row = perform(
        booking=row,
        action="reopen_proposal",
        by=Actor.SYSTEM,
        version=before.version,
        deadline_at=now + COUNTER_WINDOW,
    )
    adopt(booking=row, terms=before)
    return row


def _latest(row: Booking, side: Approval.Side) -> Approval | None:
    """This side's standing answer to the newest version."""
    mine = Approval.objects.filter(
        terms__booking=row,
        terms__version__gte=row.version,
        terms__withdrawn_at=None,
        side=side,
        taken_back_at__isnull=True,
    )
    return mine.select_related("terms").order_by("-terms__version").first()


def _open_answers(row: Booking) -> None:
    """Of the version in force and of a proposal: both sides read both from now on."""
    Approval.objects.filter(terms__booking=row, terms__version__gte=row.version).update(opened_at=timezone.now())


def _sign_memo(by: Actor, row: Booking, terms: Terms, shown_sha256: str | None) -> Signature:
    """The hash that is signed is of the text that was shown."""
    if shown_sha256 is not None:
        require_as_shown(terms.memo_text, shown_sha256)
    return sign(
        by=by,
        kind="deal_memo",
        subject=row.ref,
        version=str(terms.version),
        language=terms.memo_language,
        text=terms.memo_text,
    )
