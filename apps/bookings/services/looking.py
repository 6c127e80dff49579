"""Looking before deciding: what she opened at full size, about what she asks her agency, and several at once."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import Booking, Review
from apps.bookings.services import review as one
from apps.bookings.services.access import locked, require_state, require_talent
from apps.bookings.services.news import tell_about_advice
from apps.bookings.states import State
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.common.refs import ref
from apps.generation.models import Candidate
from apps.organizations.permissions import Permission


@transaction.atomic
def open_full_size(*, by: Actor, review: Review) -> None:
    """She looked at this picture at full size. Idempotent: the first time counts."""
    require_talent(by, review.booking, Permission.DECIDE_PICTURES)
    if Review.objects.filter(pk=review.pk, opened_at=None).update(opened_at=timezone.now()):
        record(kind="picture.opened", subject=ref("review", review.pk), by=by.label, payload={})


@transaction.atomic
def ask_advice(*, by: Actor, review: Review) -> None:
    """From now on her agency sees this picture too, and can write on it. It has no vote. Entry: waiting for her.

    Raises NotAllowed for anybody but her, Refused without an agency, StaleState when it is decided.
    """
    require_talent(by, review.booking, Permission.DECIDE_PICTURES)
    row = locked(review.booking)
    require_state(row, State.IN_REVIEW)
    if row.agency is None:
        raise Refused("No agency stands in this booking.", code="no_agency")
    waiting = Review.objects.filter(pk=review.pk, decision=Review.Decision.WAITING)
    if not waiting.exists():
        raise StaleState("This picture is already decided.")
    if waiting.filter(advice_asked_at=None).update(advice_asked_at=timezone.now()):
        record(kind="picture.advice_asked", subject=ref("review", review.pk), by=by.label, payload={})
        tell_about_advice(row)


def may_pass_with_others(review: Review) -> bool:
    """Waiting, seen at full size, and no check is in doubt about it."""
    return (
        review.decision == Review.Decision.WAITING
        and review.opened_at is not None
        and review.candidate.state == Candidate.State.CHECKED
    )


@transaction.atomic
def pass_several(*, by: Actor, booking: Booking, reviews: Sequence[Review]) -> None:
    """Pass what she ticked: all of it or nothing. There is no such act for rejecting.

    Raises InvalidInput when nothing is ticked, Refused for a picture that she has not opened at full size or that a
    check doubts: those are decided one at a time.
    """
    require_talent(by, booking, Permission.DECIDE_PICTURES)
    require_state(locked(booking), State.IN_REVIEW)
    if not reviews:
        raise InvalidInput("Tick the pictures that you pass.")
    for review in reviews:
        if review.opened_at is None:
            raise Refused("Open each picture at full size first.", code="not_opened")
        if review.candidate.state != Candidate.State.CHECKED:
            raise Refused("A check doubts one of them: decide about that one by itself.", code="doubtful")
    for review in reviews:
        one.decide(by=by, review=review, passed=True)


@transaction.atomic
def select_several(*, by: Actor, reviews: Sequence[Review]) -> None:
    """The brand takes what it ticked beside what it had: all of it or nothing, never more than were ordered."""
    if not reviews:
        raise InvalidInput("Tick the pictures that you want.")
    for review in reviews:
        if review.selected_at is None:
            one.select(by=by, review=review, chosen=True)
