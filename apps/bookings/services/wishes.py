"""Another picture with words. The open pins of the brand become the note of the next job, and only the model's own yes
to exactly these words has it made (product.md: nothing is made without her own, specific, provable yes).

waiting → granted, refused by her; lapsed after 48 hours of silence; closed when the brand finishes before.
"""

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import LONGEST_BRIEF, Booking, Look, Pin, Wish
from apps.bookings.models.pins import LONGEST_NOTE
from apps.bookings.services.access import locked, require_state, require_talent
from apps.bookings.services.making import brief_with, order_another
from apps.bookings.services.news import tell_about_wish
from apps.bookings.states import State
from apps.bookings.times import PICTURE_WINDOW
from apps.common.errors import InvalidInput, StaleState
from apps.organizations.permissions import Permission


def note_of(look: Look) -> str:
    """What the brand's open pins on this look say, one a line; empty where it pinned nothing."""
    pins = Pin.objects.filter(review__look=look, side=Pin.Side.BRAND).open()
    return "\n".join(pin.text for pin in pins)


def ask_with_words(*, by: Actor, look: Look, note: str) -> Wish:
    """Within the lock of `ask_another`, which has looked at the right and the voucher. Exit: waiting for the model.

    Raises InvalidInput for more words than a brief takes, StaleState while one of this look waits.
    """
    if len(note) > LONGEST_NOTE or len(brief_with(look, note)) > LONGEST_BRIEF:
        raise InvalidInput("The open remarks are longer than a brief can be. Settle some of them first.")
    if look.wishes.filter(state=Wish.State.WAITING).exists():
        raise StaleState("The model is already asked about another picture of this look.")
    if by.user_id is None:
        raise ValueError("a wish is a person's")
    wish = Wish.objects.create(look=look, note=note, asked_by=by.user_id, deadline_at=timezone.now() + PICTURE_WINDOW)
    record(kind="picture.asked_with_words", subject=wish.ref, by=by.label, payload={"look": look.ref, "note": note})
    tell_about_wish(look.booking)
    return wish


@transaction.atomic
def answer_wish(*, by: Actor, wish: Wish, granted: bool) -> Wish:
    """Her yes or no to these words. Entry: waiting, in review. Exit: granted and ordered, or refused, for good.

    Raises NotAllowed for anybody but her, StaleState when it is answered or over, Refused when the voucher is used up
    or a rule of hers forbids the look by now.
    """
    booking = wish.look.booking
    require_talent(by, booking, Permission.DECIDE_PICTURES)
    row = locked(booking)
    require_state(row, State.IN_REVIEW)
    state = Wish.State.GRANTED if granted else Wish.State.REFUSED
    _move(wish, state, decided_at=timezone.now(), decided_by=by.user_id)
    if granted:
        order_another(booking=row, look=wish.look, by=by, note=wish.note)
    record(kind=f"picture.words_{state}", subject=wish.ref, by=by.label, payload={"look": wish.look.ref})
    return wish


@transaction.atomic
def lapse_wish(*, wish: Wish) -> None:
    """48 hours of silence are a no. Idempotent."""
    if Wish.objects.filter(pk=wish.pk, state=Wish.State.WAITING).update(state=Wish.State.LAPSED):
        record(kind="picture.words_lapsed", subject=wish.ref, by=Actor.SYSTEM.label, payload={})


def close_wishes(booking: Booking, *, by: Actor) -> None:
    """The selection is finished: what still waits is not needed."""
    for wish in Wish.objects.filter(look__booking=booking, state=Wish.State.WAITING):
        _move(wish, Wish.State.CLOSED)
        record(kind="picture.words_closed", subject=wish.ref, by=by.label, payload={})


def _move(wish: Wish, state: Wish.State, **changes: object) -> None:
    if not Wish.objects.filter(pk=wish.pk, state=Wish.State.WAITING).update(state=state, **changes):
        raise StaleState("This is already answered.")
    wish.refresh_from_db()
