"""Sealed answers: model and agency answer blind to each other, both open together."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings import guards
from apps.bookings.machine import perform
from apps.bookings.models import Approval, Booking
from apps.bookings.services.access import locked, require_state, side_of
from apps.bookings.services.desks import stood_in
from apps.bookings.services.news import tell_about_agreement, tell_about_decline
from apps.bookings.states import State
from apps.bookings.times import ANSWER_WINDOW, PAYMENT_WINDOW, TAKE_BACK
from apps.common.canonical import canonical_json, sha256_hex
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.signatures.models import Signature
from apps.signatures.services import require_as_shown, sign

LONGEST_REASON = 500


@transaction.atomic
def answer(
    *, by: Actor, booking: Booking, version: int, answer: str, reason: str = "", shown_sha256: str | None = None
) -> Booking:
    """Seal one party's yes or no to one version of the terms.

    Entry: submitted; exit: submitted, or agreed when this was the last yes. A yes counts at once; a no counts when
    its ten minutes are over. The model's yes signs the deal memo. A model never has to explain: `reason` is optional
    and private. `shown_sha256` is of the memo on her screen; None only where no screen stood between. Raises StaleState
    when the terms or the text changed or the answer is already given, StepUpNeeded, NotAllowed,
    Refused when something stands against the agreement by now.
    """
    side = side_of(by, booking)
    by.require_step_up()
    if answer not in {Approval.Answer.YES, Approval.Answer.NO}:
        raise InvalidInput("Answer yes or no.", field="answer")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"At most {LONGEST_REASON} characters.", field="reason")
    row = locked(booking)
    require_state(row, State.SUBMITTED)
    if version != row.version:
        raise StaleState("The terms changed since you opened this page. Please read the new version.")
    if side == Approval.Side.AGENCY and (reason_why_not := guards.agency_is_checked(row)):
        raise Refused(reason_why_not, code="agency_is_checked")
    signs = side == Approval.Side.TALENT and answer == Approval.Answer.YES
    signature = _sign_memo(by, row, shown_sha256) if signs else None
    _seal(by, row, side, answer, reason, signature)
    return _settle(row)


@transaction.atomic
def take_back(*, by: Actor, booking: Booking) -> Booking:
    """Take an answer back within ten minutes while unpaid. Entry: submitted or agreed; exit: submitted, unanswered."""
    side = side_of(by, booking)
    row = locked(booking)
    require_state(row, State.SUBMITTED, State.AGREED)
    now = timezone.now()
    mine = Approval.objects.filter(
        terms__booking=row,
        terms__version=row.version,
        side=side,
        taken_back_at__isnull=True,
        answered_at__gt=now - TAKE_BACK,
    )
    if row.state == State.AGREED and (reason := guards.unpaid(row)):
        raise StaleState(reason)
    if not mine.update(taken_back_at=now):
        raise StaleState("The ten minutes are over. Speak with your agency or with us.")
    Approval.objects.filter(terms__booking=row, terms__version=row.version).update(opened_at=None)
    if row.state == State.AGREED:
        return perform(booking=row, action="take_back", by=Actor.SYSTEM, deadline_at=now + ANSWER_WINDOW)
    whose = {"side": side.value} | stood_in(by, row)
    record(kind="booking.answer_taken_back", subject=row.ref, by=by.label, payload=whose)
    return row


@transaction.atomic
def settle_answers(*, booking: Booking) -> Booking:
    """Close a request whose no counts by now. Idempotent; called by the sweep."""
    row = locked(booking)
    return _settle(row) if row.state == State.SUBMITTED else row


def _settle(row: Booking) -> Booking:
    if guards.a_no_counts(row) is None:
        Approval.objects.filter(terms__booking=row, terms__version=row.version).update(opened_at=timezone.now())
        closed = perform(booking=row, action="decline", by=Actor.SYSTEM, deadline_at=None)
        tell_about_decline(closed)
        return closed
    if guards.all_said_yes(row) is None:
        Approval.objects.filter(terms__booking=row, terms__version=row.version).update(opened_at=timezone.now())
        agreed = perform(booking=row, action="agree", by=Actor.SYSTEM, deadline_at=timezone.now() + PAYMENT_WINDOW)
        tell_about_agreement(agreed)
        return agreed
    return row


def _sign_memo(by: Actor, row: Booking, shown_sha256: str | None) -> Signature:
    """The hash that is signed is of the text that was shown."""
    terms = row.current_terms
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


def _seal(by: Actor, row: Booking, side: Approval.Side, answer: str, reason: str, signature: Signature | None) -> None:
    now = timezone.now()
    if by.user_id is None:
        raise NotAllowed("A person answers, never the system.")
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                terms=row.current_terms,
                side=side,
                party=by.party,
                answer=answer,
                private_reason=reason,
                signature=signature,
                answered_by=by.user_id,
                answered_at=now,
                counts_from=now + TAKE_BACK if answer == Approval.Answer.NO else now,
            )
    except IntegrityError as error:
        raise StaleState("This side has already answered.") from error
    # The chain proves when the answer was sealed; what it says stays sealed in it until both are open.
    sealed = sha256_hex(canonical_json([str(approval.pk), answer, reason, now.isoformat()]))
    record(
        kind="booking.answer_sealed",
        subject=row.ref,
        by=by.label,
        payload={"side": side.value, "version": row.version, "sealed": sealed, **stood_in(by, row)},
    )
