"""Remarks on a picture as a page shows them: numbered, with their places, and the form for another one."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.accounts.actor import Actor
from apps.bookings.models import Pin, Review
from apps.bookings.pin_forms import PinForm
from apps.bookings.services.pins import pins_of
from apps.bookings.views.pictures import Picture

MARK = 30  # marks have a radius of one thirtieth of the picture's width


@dataclass(frozen=True)
class Remark:
    """`cx` and `cy` are pixels of the picture, for the drawing above it."""

    pin: Pin
    number: int
    cx: int
    cy: int
    by: str
    may_resolve: bool


@dataclass(frozen=True)
class Remarks:
    """Those of one picture that this reader may read."""

    review: Review
    width: int
    height: int
    rows: list[Remark]
    form: PinForm
    may_write: bool

    @property
    def radius(self) -> int:
        return self.width // MARK

    @property
    def open(self) -> int:
        return sum(row.pin.resolved_at is None for row in self.rows)


def remarks_of(
    actor: Actor, review: Review, picture: Picture, *, may_write: bool, form: PinForm | None = None
) -> Remarks:
    """One query."""
    pins = pins_of([review], kind=actor.kind)[review]
    width, height = picture.width or 1080, picture.height or 1350
    rows = [
        Remark(
            pin=pin,
            number=number,
            cx=pin.x * width // 1000,
            cy=pin.y * height // 1000,
            by=_writer(pin, actor),
            may_resolve=may_write and pin.resolved_at is None and _settles(actor, pin),
        )
        for number, pin in enumerate(pins, 1)
    ]
    return Remarks(review, width, height, rows, form or PinForm(initial={"x": 500, "y": 500}), may_write)


def open_remarks(actor: Actor, reviews: Iterable[Review]) -> dict[Review, int]:
    """How many remarks are not settled, picture by picture, in one query."""
    by_picture = pins_of(reviews, kind=actor.kind)
    return {review: sum(pin.resolved_at is None for pin in pins) for review, pins in by_picture.items()}


def _writer(pin: Pin, actor: Actor) -> str:
    if pin.author_id and pin.author_id == actor.user_id:
        return "You"
    name = str(pin.author) if pin.author else "Somebody who left"
    if pin.side == Pin.Side.BRAND:
        return f"{name}, the brand" if actor.kind != "brand" else name
    return f"{name}, the agency" if not pin.party.startswith("talent:") else name


def _settles(actor: Actor, pin: Pin) -> bool:
    """As services.pins.resolve has it; who may write at all was asked before."""
    if actor.kind == "agency":
        return pin.party == actor.party
    return (pin.side == Pin.Side.BRAND) == (actor.kind == "brand")
