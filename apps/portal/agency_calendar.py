"""The rights calendar of an agency: all its models over months, what is bound and what is optioned.

What she does through other agencies is a blocked slot here: what for, where and when, never whose.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import RightsSlot
from apps.bookings.states import State
from apps.common.refs import parse_ref
from apps.common.territories import WORLD, describe
from apps.common.vocabulary import Category, Exclusivity
from apps.options.models import Option
from apps.options.states import State as OptionState
from apps.portal.calendar_forms import CalendarFilter
from apps.portal.months import Cell, Entry, Months
from apps.talent.models import Mandate, OutsideCommitment, Talent

PER_PAGE = 25
MOST_ENTRIES = 40  # of one model in the shown months


@dataclass(frozen=True)
class Row:
    """`entries` are the first of all; `more` stand behind them."""

    talent: Talent
    entries: list[Entry]
    lanes: list[list[Cell]]
    more: int


@dataclass(frozen=True)
class AgencyCalendar:
    months: Months
    rows: list[Row]
    page: Page[Talent]


def agency_calendar(actor: Actor, wanted: CalendarFilter, *, name: str, page_number: str) -> AgencyCalendar:
    """Five queries, whatever the rows."""
    mandates = Mandate.objects.filter(agency=parse_ref(actor.party, "org")).running_on(timezone.now().date())
    models = Talent.objects.filter(pk__in=mandates.values("talent"), stage_name__icontains=name)
    page = Paginator(models.order_by("stage_name", "pk"), PER_PAGE).get_page(page_number)
    months, shown = wanted.months, [talent.pk for talent in page]
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for source in (_bound(actor, wanted, shown), _elsewhere(actor, wanted, shown), _options(actor, wanted, shown)):
        for talent, entry in source:
            found[talent].append(entry)
    return AgencyCalendar(months, [_row(talent, found[talent.pk], months) for talent in page], page)


def _row(talent: Talent, entries: list[Entry], months: Months) -> Row:
    shown = _by_day(entries)[:MOST_ENTRIES]
    return Row(talent, shown, months.lanes(shown), len(entries) - len(shown))


def _bound(actor: Actor, wanted: CalendarFilter, talents: list[UUID]) -> Iterable[tuple[UUID, Entry]]:
    """Licences and agreed bookings: each once, however many countries and categories it takes."""
    agency = parse_ref(actor.party, "org")
    slots = _within(RightsSlot.objects.filter(twin__talent__in=talents, released_at=None), wanted).order_by()
    if wanted.countries:
        slots = slots.filter(territory__in=wanted.countries)
    if wanted.category_code:
        slots = slots.filter(category=wanted.category_code)
    names = (
        "twin__talent", "booking", "window", "booking__state", "booking__brand__name", "booking__agency",
        "booking__mother_agency", "booking__exclusivity", "booking__category", "booking__territories",
    )  # fmt: skip
    for row in slots.values(*names).distinct():
        ours = agency in (row["booking__agency"], row["booking__mother_agency"])
        yield row["twin__talent"], _slot_entry(row, ours=ours)


def _slot_entry(row: dict[str, Any], *, ours: bool) -> Entry:
    exclusive = row["booking__exclusivity"] != Exclusivity.NONE
    full = row["booking__exclusivity"] == Exclusivity.FULL
    use = _use("" if full else row["booking__category"], row["booking__territories"])
    first, last = row["window"].lower, row["window"].upper - timedelta(days=1)
    if not ours:
        return Entry("blocked", "Blocked", first, last, use if exclusive else f"{use}, without exclusivity")
    kind = "exclusive" if exclusive else "bound"
    what = "Licence" if row["booking__state"] == State.DELIVERED else "Agreed"
    words = f"{what}{', exclusive' if exclusive else ''}: {use}"
    return Entry(kind, row["booking__brand__name"], first, last, words, reverse("request", args=[row["booking"]]))


def _elsewhere(actor: Actor, wanted: CalendarFilter, talents: list[UUID]) -> Iterable[tuple[UUID, Entry]]:
    rows = _within(OutsideCommitment.objects.filter(talent__in=talents), wanted)
    if wanted.countries:
        rows = rows.filter(territories__overlap=[*wanted.countries, WORLD])
    for row in rows:
        full = row.exclusivity == Exclusivity.FULL
        if wanted.category_code and not full and row.category != wanted.category_code:
            continue
        title = row.brand if row.brand and row.entered_by == actor.party else "Bound elsewhere"
        use = _use("" if full else row.category, row.territories)
        yield (
            row.talent_id,
            Entry(
                "elsewhere",
                title,
                row.window.lower,
                row.window.upper - timedelta(days=1),
                f"Elsewhere, exclusive: {use}",
            ),
        )


def _options(actor: Actor, wanted: CalendarFilter, talents: list[UUID]) -> Iterable[tuple[UUID, Entry]]:
    rows = _within(Option.objects.visible_to(actor).live().filter(twin__talent__in=talents), wanted)
    if wanted.countries:
        rows = rows.filter(territories__overlap=wanted.countries)
    if wanted.category_code:
        rows = rows.filter(category=wanted.category_code)
    for row in rows.ranked().select_related("brand", "twin"):
        challenged = ", challenged" if row.state == OptionState.CHALLENGED else ""
        words = f"Option {row.rank}{challenged}: {_use(row.category, row.named_territories)}"
        yield (
            row.twin.talent_id,
            Entry("option", row.brand.name, row.first_day, row.last_day, words, f"{reverse('options')}#o-{row.pk}"),
        )


def _within(rows: "QuerySet[Any]", wanted: CalendarFilter) -> Any:
    months = wanted.months
    return rows.filter(window__overlap=DateRange(months.first, months.later))


def _use(category: str, territories: list[str]) -> str:
    what = str(Category(category).label) if category else "Every category"
    return f"{what}, {describe(territories)}"


def _by_day(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.first, entry.last, entry.title))
