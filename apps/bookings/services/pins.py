"""Remarks pinned to pictures.

Who pins and who reads (product.md, "Order of looking"; `table` in tests/integration/test_pins.py tries all of it):

    the brand       pins on pictures that the model passed, and reads its own side's pins only
    the model       pins on any of her pictures, reads everything
    her agency      advises: on passed pictures and on those about which she asks, where it reads everything
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import LONGEST_PIN, Booking, Pin, Review
from apps.bookings.services.access import locked, require_brand, require_state, require_talent
from apps.bookings.states import State
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import ref
from apps.organizations.permissions import Permission

THOUSAND = 1000


@transaction.atomic
def pin(*, by: Actor, review: Review, x: int, y: int, text: str) -> Pin:
    """Entry: in review, selection not finished, a picture that this person may see. Exit: one more open remark.

    Raises NotAllowed, InvalidInput(field=…), StaleState.
    """
    side = side_of(by, review)
    words = text.strip()
    if not words:
        raise InvalidInput("Write what you mean.", field="text")
    if len(words) > LONGEST_PIN:
        raise InvalidInput(f"At most {LONGEST_PIN} characters.", field="text")
    for name, place in (("x", x), ("y", y)):
        if not 0 <= place <= THOUSAND:
            raise InvalidInput("A place is from 0 to 1000 thousandths of the picture.", field=name)
    _require_open(locked(review.booking))
    made = Pin.objects.create(review=review, side=side, x=x, y=y, text=words, author_id=by.user_id, party=by.party)
    _record("picture.pinned", made, by, review)
    return made


@transaction.atomic
def resolve(*, by: Actor, pin: Pin) -> Pin:
    """Entry: open; exit: resolved, once. A side settles its own remarks, the model those of her agency too."""
    review = pin.review
    if side_of(by, review) != pin.side or (by.kind == "agency" and pin.party != by.party):
        raise NotAllowed("Whoever pinned this settles it.")
    _require_open(locked(review.booking))
    now = timezone.now()
    if not Pin.objects.filter(pk=pin.pk).open().update(resolved_at=now, resolver=by.user_id):
        raise StaleState("This remark is already settled.")
    pin.refresh_from_db()
    _record("picture.pin_resolved", pin, by, review)
    return pin


def side_of(by: Actor, review: Review) -> Pin.Side:
    """Whose remark this would be. Raises NotAllowed for whoever may not write on this picture."""
    booking = review.booking
    if by.kind == "brand":
        require_brand(by, booking, Permission.SELECT_PICTURES)
        if review.decision != Review.Decision.PASSED:
            raise NotAllowed("Only pictures that the model has passed can be written on.")
        return Pin.Side.BRAND
    if by.kind == "talent":
        require_talent(by, booking, Permission.DECIDE_PICTURES)
        return Pin.Side.MODEL
    by.require(Permission.ANSWER_FOR_AGENCY)
    if by.kind != "agency" or booking.agency is None or by.party != booking.agency.party:
        raise NotAllowed("This is another agency's booking.")
    if not is_open_to_agency(review):
        raise NotAllowed("The model has not asked about this picture.")
    return Pin.Side.MODEL


def is_open_to_agency(review: Review) -> bool:
    """Passed, or she asks for advice about it."""
    return review.decision == Review.Decision.PASSED or review.advice_asked_at is not None


def pins_of(reviews: Iterable[Review], *, kind: str) -> dict[Review, list[Pin]]:
    """The remarks that somebody of this kind of party reads, picture by picture, in one query."""
    by_picture: dict[Review, list[Pin]] = {review: [] for review in reviews}
    rows = Pin.objects.filter(review__in=list(by_picture)).of_side(kind).select_related("author", "resolver")
    own = {review.pk: review for review in by_picture}
    for row in rows:
        by_picture[own[row.review_id]].append(row)
    return by_picture


def _require_open(row: Booking) -> None:
    require_state(row, State.IN_REVIEW)
    if row.finished_at:
        raise StaleState("The selection is finished; the pictures are being delivered.")


def _record(kind: str, pin: Pin, by: Actor, review: Review) -> None:
    record(
        kind=kind,
        subject=pin.ref,
        by=by.label,
        payload={"picture": ref("review", review.pk), "side": pin.side, "x": pin.x, "y": pin.y},
    )
