"""Picture by picture: the model first, then the brand among those she passed."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.enqueue import after_commit
from apps.bookings.models import Booking, Look, Review, Wish
from apps.bookings.services.access import locked, require_brand, require_state, require_talent
from apps.bookings.services.delivery import prepare_licence
from apps.bookings.services.making import order_another, rules_forbid, settle_making
from apps.bookings.services.wishes import ask_with_words, close_wishes, note_of
from apps.bookings.states import State
from apps.common.depiction import Trait, traits
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.common.refs import ref
from apps.generation import selectors as generation
from apps.organizations.permissions import Permission
from apps.talent.never_again import CATEGORY, never_again

LONGEST_REASON = 300


@transaction.atomic
def decide(*, by: Actor, review: Review, passed: bool, reason: str = "", never: Sequence[Trait] = ()) -> Review:
    """The model passes or rejects one picture. Entry: in review, picture waiting; exit: decided, once and for good.

    A rejected picture is made again within the voucher while pictures are missing. She never has to explain.
    `never` are things in a rejected picture that become standing rules of hers, before anything is made again.
    Raises NotAllowed for anybody but her, StaleState when it is decided already, InvalidInput(field="never") for what
    the picture does not show.
    """
    require_talent(by, review.booking, Permission.DECIDE_PICTURES)
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"At most {LONGEST_REASON} characters.", field="reason")
    row = locked(review.booking)
    require_state(row, State.IN_REVIEW)
    _decide_once(
        review,
        decision=Review.Decision.PASSED if passed else Review.Decision.REJECTED,
        decided_at=timezone.now(),
        decided_by=by.user_id,
        reason=reason,
    )
    if never and (passed or not set(never) <= set(shown_by(review))):
        raise InvalidInput("Choose from what this picture shows.", field="never")
    for trait in never:
        never_again(by=by, talent=row.twin.talent, trait=trait)
    if not passed:
        _make_again(row, review.look)
    record(
        kind="picture.passed" if passed else "picture.rejected",
        subject=ref("review", review.pk),
        by=by.label,
        payload={"booking": row.ref, "sha256": review.candidate.file.sha256},
    )
    return review


def shown_by(review: Review) -> tuple[Trait, ...]:
    """What of a picture she can rule out for good: what its look asked for, and what it sells."""
    look = review.look
    return (*traits(look.scene, look.crop), Trait(CATEGORY, review.booking.category))


@transaction.atomic
def lapse(*, review: Review) -> None:
    """48 hours of silence are a no. Idempotent."""
    row = locked(review.booking)
    if row.state != State.IN_REVIEW or row.finished_at:
        return
    _decide_once(review, decision=Review.Decision.UNANSWERED, decided_at=timezone.now())
    record(kind="picture.unanswered", subject=ref("review", review.pk), by=Actor.SYSTEM.label, payload={})
    settle_making(booking=row)


@transaction.atomic
def select(*, by: Actor, review: Review, chosen: bool) -> Review:
    """The brand takes one of the passed pictures, or puts it back. Entry and exit: in review, not finished.

    Never more than were ordered. Raises NotAllowed for a picture the model has not passed.
    """
    require_brand(by, review.booking, Permission.SELECT_PICTURES)
    row = locked(review.booking)
    _require_open_selection(row)
    review = Review.objects.select_related("candidate__file", "look").get(pk=review.pk)
    if review.decision != Review.Decision.PASSED:
        raise NotAllowed("Only pictures that the model has passed can be chosen.")
    taken = row.reviews.filter(selected_at__isnull=False).exclude(pk=review.pk).count()
    if chosen and taken >= row.current_terms.pictures:
        raise Refused(f"You ordered {row.current_terms.pictures} pictures. Put one back first.", code="all_chosen")
    review.selected_at = timezone.now() if chosen else None
    review.selected_by = by.user_id if chosen else None
    review.save(update_fields=["selected_at", "selected_by"])
    record(
        kind="picture.chosen" if chosen else "picture.put_back",
        subject=ref("review", review.pk),
        by=by.label,
        payload={"booking": row.ref},
    )
    return review


@transaction.atomic
def ask_another(*, by: Actor, look: Look) -> None:
    """One more candidate of this look within the voucher. Entry and exit: in review.

    With open pins of the brand on the look, their words go first to the model (see services.wishes).
    """
    require_brand(by, look.booking, Permission.SELECT_PICTURES)
    row = locked(look.booking)
    _require_open_selection(row)
    if not left_to_ask(row):
        raise Refused("All candidates of this booking are used.", code="voucher_used_up")
    if note := note_of(look):
        ask_with_words(by=by, look=look, note=note)
        return
    order_another(booking=row, look=look, by=by)
    record(kind="picture.asked_again", subject=look.ref, by=by.label, payload={"booking": row.ref})


@transaction.atomic
def finish(*, by: Actor, booking: Booking) -> Booking:
    """The brand's choice is final. Entry: in review; exit: in review and finished; a task labels and delivers.

    Raises InvalidInput when nothing is chosen, StaleState when it was finished already.
    """
    require_brand(by, booking, Permission.SELECT_PICTURES)
    row = locked(booking)
    _require_open_selection(row)
    if not row.reviews.filter(selected_at__isnull=False).exists():
        raise InvalidInput("Choose at least one picture first.")
    return finish_selection(row, by=by)


def finish_selection(row: Booking, *, by: Actor) -> Booking:
    """Entry: in review and locked, something chosen; exit: as of `finish`."""
    Booking.objects.filter(pk=row.pk).update(finished_at=timezone.now())
    row.refresh_from_db()
    close_wishes(row, by=by)
    prepare_licence(booking=row)
    record(kind="booking.selection_finished", subject=row.ref, by=by.label, payload={})
    after_commit("release_selected", row.pk)
    return row


def left_to_ask(booking: Booking) -> int:
    """How many more candidates the voucher allows, those kept back that wait for the model's yes."""
    voucher = generation.open_voucher(booking.ref)
    if voucher is None:
        return 0
    asked = Wish.objects.filter(look__booking=booking, state=Wish.State.WAITING).count()
    return max(0, voucher.candidates - voucher.used - generation.waiting_jobs(booking.ref) - asked)


def _make_again(row: Booking, look: Look) -> None:
    counts = look.reviews.aggregate(
        good=Count("pk", filter=Q(decision__in=[Review.Decision.PASSED, Review.Decision.WAITING]))
    )
    coming = generation.open_jobs_of_look(look.ref)
    missing = counts["good"] + coming < look.pictures
    if missing and left_to_ask(row) and rules_forbid(look) is None:
        order_another(booking=row, look=look, by=Actor.SYSTEM)
    else:
        settle_making(booking=row)


def _decide_once(review: Review, **changes: object) -> None:
    moved = Review.objects.filter(pk=review.pk, decision=Review.Decision.WAITING).update(**changes)
    if not moved:
        raise StaleState("This picture is already decided.")
    review.refresh_from_db()


def _require_open_selection(row: Booking) -> None:
    require_state(row, State.IN_REVIEW)
    if row.finished_at:
        raise StaleState("The selection is finished; the pictures are being delivered.")
