"""Where a model is right now: her running licences by brand on one line of months, and on the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Func
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Licence
from apps.common.vocabulary import Medium
from apps.media.models import StoredFile
from apps.portal.licences import first_file, first_picture
from apps.portal.pictures import Picture, picture
from apps.portal.world import Part, world_of

WIDE = 1_000  # units of the drawn line
PER_PAGE = 50
AHEAD, BACK = timedelta(days=730), timedelta(days=365)


@dataclass(frozen=True)
class Run:
    """One licence as a bar on the line of months; `cut` where it goes on beyond the line's end."""

    licence: Licence
    picture: Picture
    media: str
    x: int
    width: int
    days_left: int
    cut: bool


@dataclass(frozen=True)
class Months:
    """The line: its first and last day, where each quarter begins, and where today is."""

    first: date
    last: date
    quarters: list[tuple[int, date]]
    today: int


@dataclass(frozen=True)
class Whereabouts:
    """`runs` are one page of the running licences by brand; the figures are of all."""

    page: Page[Any]
    runs: list[tuple[str, list[Run]]]
    months: Months | None
    world: list[Part]
    countries: int
    brands: int
    total: int


def whereabouts(actor: Actor, page_number: str) -> Whereabouts:
    """Five queries, whatever the rows. Licences that begin later are there as well: they are agreed."""
    today = timezone.now().date()
    hers = Licence.objects.visible_to(actor).annotate(until=Coalesce("cut_on", "ends_on"))
    running = hers.filter(state=Licence.State.ACTIVE, until__gte=today)
    shown = running.select_related("brand", "booking").prefetch_related(first_picture())
    page = Paginator(shown.order_by("brand__name", "until", "pk"), PER_PAGE).get_page(page_number)
    rows = list(page)
    months = _months(rows, today) if rows else None
    each = running.order_by().annotate(country=Func(F("territories"), function="unnest"))
    world = world_of(set(each.values_list("country", flat=True).distinct()))
    return Whereabouts(
        page=page,
        runs=[
            (name, [_run(row, months, today) for row in group])
            for name, group in groupby(rows, key=lambda row: row.brand.name)
        ]
        if months
        else [],
        months=months,
        world=world,
        countries=sum(part.lit for part in world),
        brands=running.order_by().values("brand").distinct().count(),
        total=page.paginator.count,
    )


def _months(rows: Sequence[Licence], today: date) -> Months:
    """From the quarter in which the oldest began to the end of the longest, at most a year back and two ahead."""
    oldest = max(min(row.starts_on for row in rows), today - BACK)
    first = oldest.replace(month=oldest.month - (oldest.month - 1) % 3, day=1)
    last = min(max(row.last_day for row in rows), today + AHEAD)
    quarters = [(_at(day, first, last), day) for day in _quarters(first, last)]
    return Months(first, last, quarters, _at(today, first, last))


def _quarters(first: date, last: date) -> list[date]:
    found, day = [], first
    while day <= last:
        found.append(day)
        year, month = divmod(day.year * 12 + day.month - 1 + 3, 12)
        day = date(year, month + 1, 1)
    return found


def _at(day: date, first: date, last: date) -> int:
    """Where a day lies on the line."""
    inside = min(max(day, first), last)
    return WIDE * (inside - first).days // max((last - first).days, 1)


def _run(licence: Licence, months: Months, today: date) -> Run:
    x = _at(licence.starts_on, months.first, months.last)
    end = _at(licence.last_day, months.first, months.last)
    file: StoredFile | None = first_file(licence)
    return Run(
        licence=licence,
        picture=picture(file),
        media=", ".join(str(Medium(medium).label) for medium in licence.media),
        x=x,
        width=max(end - x, 6),
        days_left=(licence.last_day - today).days,
        cut=licence.last_day > months.last,
    )
