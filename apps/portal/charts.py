"""Charts as figures for server-side SVG. Coordinates are texts with a decimal point, whatever the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.common.money import BASIS_POINTS, largest_remainder

WIDTH, HEIGHT = 760, 260
LEFT, FOOT, HEADROOM = 72, 28, 8
TIP_WIDTH = 148
NICE_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
TICKS = 3


@dataclass(frozen=True)
class Point:
    """One bar to be: its label on the axis, what its tip says, its amount in minor units."""

    label: str
    tip: str
    amount_minor: int
    href: str
    current: bool


@dataclass(frozen=True)
class Bar:
    point: Point
    x: str
    centre: str
    bar_x: str
    y: str
    height: str
    tip_x: str
    tip_y: str


@dataclass(frozen=True)
class Tick:
    amount_minor: int
    y: str


@dataclass(frozen=True)
class BarChart:
    bars: list[Bar]
    ticks: list[Tick]
    step: str
    bar_width: str
    base: str
    top: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    axis: int = HEIGHT - 8
    tip_width: int = TIP_WIDTH


def bar_chart(points: Sequence[Point]) -> BarChart:
    """Bars over a zero line; amounts below zero hang under it."""
    highest = max(0, *(point.amount_minor for point in points))
    lowest = min(0, *(point.amount_minor for point in points))
    step = _nice_step(max(highest, -lowest))
    top, bottom = _up_to(highest, step) or step, -_up_to(-lowest, step)
    slot = Decimal(WIDTH - LEFT) / len(points)
    bar_width = slot * Decimal("0.46")

    def y(amount: int) -> Decimal:
        usable = Decimal(HEIGHT - FOOT - HEADROOM)
        return HEADROOM + usable * (top - amount) / (top - bottom)

    return BarChart(
        bars=[_bar(point, LEFT + slot * index, slot, bar_width, y) for index, point in enumerate(points)],
        ticks=[Tick(amount, _text(y(amount))) for amount in range(bottom, top + 1, step)],
        step=_text(slot),
        bar_width=_text(bar_width),
        base=_text(Decimal(HEIGHT - FOOT)),
        top=str(HEADROOM),
    )


def _bar(point: Point, x: Decimal, slot: Decimal, width: Decimal, y: Callable[[int], Decimal]) -> Bar:
    high, low = y(max(point.amount_minor, 0)), y(min(point.amount_minor, 0))
    centre = x + slot / 2
    return Bar(
        point=point,
        x=_text(x),
        centre=_text(centre),
        bar_x=_text(centre - width / 2),
        y=_text(high),
        height=_text(low - high),
        tip_x=_text(min(max(centre - TIP_WIDTH // 2, Decimal(0)), Decimal(WIDTH - TIP_WIDTH))),
        tip_y=_text(max(high - 62, Decimal(-30))),
    )


def _nice_step(highest: int) -> int:
    """A round step in minor units that covers `highest` in about three ticks; at least one major unit."""
    wanted = Decimal(max(highest, 300)) / TICKS
    magnitude = Decimal(10) ** wanted.adjusted()
    return int(next(nice * magnitude for nice in NICE_STEPS if nice * magnitude >= wanted))


def _up_to(amount: int, step: int) -> int:
    return -(-amount // step) * step


def _text(value: Decimal) -> str:
    return f"{value:.1f}"


@dataclass(frozen=True)
class Slice:
    tone: str
    x: int
    width: int


TONES = ("c1", "c2", "c3", "c4", "c5")


def split_bar(amounts: Sequence[int]) -> list[Slice]:
    """Parts of one bar of 10,000 units, in the order given. Empty without a positive sum; a gap of 20 between parts.

    Where there are more parts than tones, the last ones share theirs.
    """
    shown = [max(amount, 0) for amount in amounts]
    if not any(shown):
        return []
    widths = largest_remainder(BASIS_POINTS, shown)
    slices, x = [], 0
    for index, width in enumerate(widths):
        slices.append(Slice(TONES[min(index, len(TONES) - 1)], x, max(width - 20, 0)))
        x += width
    return slices
