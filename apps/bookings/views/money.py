"""Who receives what of a booking, drawn as one bar and written line by line."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.bookings.selectors import NamedShare
from apps.common.money import largest_remainder

BAR = 10_000
# In the order in which they are drawn and written.
TONES = {"talent": "c1", "agency": "c2", "mother_agency": "c4", "platform": "c3", "crew": "c5"}
WORDS = {"service": "service charge", "commission": "commission", "crew": "crew, beside the fee"}


@dataclass(frozen=True)
class Segment:
    """One piece of the bar, in ten-thousandths of its width."""

    tone: str
    x: int
    width: int


@dataclass(frozen=True)
class MoneyLine:
    """`rate_bp` is the part of the fee that this line is; None for what is given beside it."""

    label: str
    amount_minor: int
    rate_bp: int | None
    tone: str
    mine: bool


@dataclass(frozen=True)
class Received:
    """One party's view of the split. The bar is the net sum; VAT is a line below it and nobody's share."""

    mine_minor: int
    fee_minor: int
    net_minor: int
    vat_minor: int
    total_minor: int
    currency: str
    lines: list[MoneyLine]
    segments: list[Segment]


def received(shares: list[NamedShare], party: str) -> Received:
    """The split as `party` reads it: her own lines first marked, every other line named."""
    order = list(TONES)
    net = sorted(
        (named for named in shares if named.share.kind != "vat"), key=lambda named: order.index(named.share.kind)
    )
    vat = sum(named.share.amount_minor for named in shares if named.share.kind == "vat")
    total = sum(named.share.amount_minor for named in net)
    return Received(
        mine_minor=sum(named.share.amount_minor for named in net if named.share.party == party),
        fee_minor=sum(named.share.amount_minor for named in net if named.share.reason in {"fee", "commission"}),
        net_minor=total,
        vat_minor=vat,
        total_minor=total + vat,
        currency=shares[0].share.currency,
        lines=[_line(named, party) for named in net],
        segments=_segments(net),
    )


def _line(named: NamedShare, party: str) -> MoneyLine:
    mine = named.share.party == party
    word = WORDS.get(named.share.reason, "")
    return MoneyLine(
        label=", ".join(filter(None, ["You" if mine else named.name, word])),
        amount_minor=named.share.amount_minor,
        rate_bp=None if named.share.kind == "crew" else named.share.rate_bp,
        tone=TONES[named.share.kind],
        mine=mine,
    )


def _segments(net: Iterable[NamedShare]) -> list[Segment]:
    by_tone: dict[str, int] = {}
    for named in net:
        tone = TONES[named.share.kind]
        by_tone[tone] = by_tone.get(tone, 0) + named.share.amount_minor
    segments, x = [], 0
    for tone, width in zip(by_tone, largest_remainder(BAR, list(by_tone.values())), strict=True):
        segments.append(Segment(tone, x, width))
        x += width
    return segments
