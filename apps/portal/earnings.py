"""Earnings of whoever acts: twelve months as a chart, one month as a statement. Model, agencies and platform alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.urls import reverse

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.templatetags.ui import money, month_name
from apps.portal.charts import BarChart, Point, Slice, bar_chart, split_bar
from apps.portal.pictures import thumbnail
from apps.royalties import statements
from apps.royalties.periods import Month
from apps.royalties.split import Kind
from apps.royalties.statements import MonthTotal, PartOfFee, SharedCharge, StatementLine, StatementSheet

FIRST_YEAR = 2025


@dataclass(frozen=True)
class MonthRow:
    month: date
    earned: Money
    moved: Money
    href: str


@dataclass(frozen=True)
class Earnings:
    currency: str
    currencies: list[str]
    this_month: Money
    year: Money
    coming: Money
    chart: BarChart
    months: list[MonthRow]
    best: MonthRow

    @property
    def is_empty(self) -> bool:
        return not self.coming.amount_minor and not any(row.earned.amount_minor for row in self.months)


@dataclass(frozen=True)
class Line:
    """One line of a statement with the booking it belongs to, where there is one that the reader may see."""

    line: StatementLine
    booking: Booking | None
    thumb: str


@dataclass(frozen=True)
class Part:
    tone: str
    name: str
    label: str
    amount_minor: int
    own: bool


@dataclass(frozen=True)
class SharedFee:
    booking: Booking | None
    fee_minor: int
    parts: list[Part]
    slices: list[Slice]


@dataclass(frozen=True)
class StatementPage:
    sheet: StatementSheet
    month: date
    lines: list[Line]
    shared: list[SharedFee]
    before: Month | None
    after: Month | None
    change_minor: int
    chart: BarChart


def earnings(actor: Actor, currency: str | None) -> Earnings:
    """The last twelve months in one currency. Six queries."""
    known = statements.currencies(actor.party) or ["EUR"]
    chosen = currency if currency in known else known[0]
    totals = statements.monthly_totals(actor.party, currency=chosen)
    now = totals[-1]
    sheet = statements.statement(actor.party, now.year, now.month, currency=chosen)
    rows = [_month_row(total, chosen) for total in totals]
    return Earnings(
        currency=chosen,
        currencies=known,
        this_month=Money(now.earned_minor, chosen),
        year=Money(sum(total.earned_minor for total in totals), chosen),
        coming=Money(sheet.closing_minor, chosen),
        chart=_chart(totals, chosen, Month(now.year, now.month)),
        months=rows[::-1],
        best=max(rows, key=lambda row: row.earned.amount_minor),
    )


def statement_page(actor: Actor, month: Month, currency: str | None) -> StatementPage:
    """One month, line by line. Nine queries, whatever the rows."""
    sheet = statements.statement(actor.party, month.year, month.month, currency=currency)
    refs = [line.ref for line in sheet.lines] + [charge.ref for charge in sheet.charges]
    bookings = _bookings(actor, refs)
    today = Month.of(datetime.now(UTC).date())
    until = min(month.plus(6), today)
    totals = statements.monthly_totals(actor.party, currency=sheet.currency, until=until.first_day)
    earned = {Month(total.year, total.month): total.earned_minor for total in totals}
    return StatementPage(
        sheet=sheet,
        month=month.first_day,
        lines=[_line(line, bookings) for line in sheet.lines],
        shared=[_shared(charge, bookings.get(charge.ref), actor) for charge in sheet.charges],
        before=month.plus(-1) if month.year > FIRST_YEAR or month.month > 1 else None,
        after=month.plus(1) if month < today else None,
        change_minor=sheet.earned_minor - earned.get(month.plus(-1), 0),
        chart=_chart(totals, sheet.currency, month),
    )


def possible_month(year: int, month: int) -> Month | None:
    """The month, unless it is none, lies ahead, or before our time."""
    if not 1 <= month <= 12 or year < FIRST_YEAR:
        return None
    asked = Month(year, month)
    return asked if asked <= Month.of(datetime.now(UTC).date()) else None


def _month_row(total: MonthTotal, currency: str) -> MonthRow:
    return MonthRow(
        month=date(total.year, total.month, 1),
        earned=Money(total.earned_minor, currency),
        moved=Money(total.moved_minor, currency),
        href=_address(total, currency),
    )


def _address(total: MonthTotal, currency: str) -> str:
    return f"{reverse('statement', args=[total.year, total.month])}?currency={currency}"


def _chart(totals: Iterable[MonthTotal], currency: str, current: Month) -> BarChart:
    return bar_chart(
        [
            Point(
                label=f"{date(total.year, total.month, 1):%b}",
                tip=f"{month_name(date(total.year, total.month, 1))}: {money(total.earned_minor, currency)}",
                amount_minor=total.earned_minor,
                href=_address(total, currency),
                current=Month(total.year, total.month) == current,
            )
            for total in totals
        ]
    )


def _bookings(actor: Actor, refs: Iterable[str]) -> dict[str, Booking]:
    ids = {parse_ref(ref, "booking") for ref in refs if ref.startswith("booking:")}
    found = (
        Booking.objects.visible_to(actor)
        .filter(pk__in=ids)
        .select_related("brand", "agency", "mother_agency", "twin__talent", "twin__chosen_cover")
    )
    return {booking.ref: booking for booking in found}


def _line(line: StatementLine, bookings: dict[str, Booking]) -> Line:
    booking = bookings.get(line.ref)
    return Line(line, booking, thumbnail(booking.twin.cover) if booking else "")


def _shared(charge: SharedCharge, booking: Booking | None, actor: Actor) -> SharedFee:
    slices = split_bar([part.amount_minor for part in charge.parts])
    tones = [piece.tone for piece in slices] or ["c1"] * len(charge.parts)
    parts = [
        Part(tone, _name(part, booking), part.label, part.amount_minor, own=part.party == actor.party)
        for tone, part in zip(tones, charge.parts, strict=True)
    ]
    return SharedFee(booking, charge.fee_minor, parts, slices)


def _name(part: PartOfFee, booking: Booking | None) -> str:
    if part.kind == Kind.PLATFORM:
        return "Double"
    if booking is None:
        return str(Kind(part.kind).label)
    named = {
        Kind.TALENT: booking.twin.talent.stage_name,
        Kind.AGENCY: booking.agency.name if booking.agency else "",
        Kind.MOTHER_AGENCY: booking.mother_agency.name if booking.mother_agency else "",
    }
    return named.get(Kind(part.kind)) or str(Kind(part.kind).label)
