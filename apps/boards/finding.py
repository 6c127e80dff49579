"""Twins found by words and facets, and how many each facet would leave: over the narrow table, never over the facts."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.boards.models import Findable
from apps.organizations.models import Organization

MOST_WORDS, LONGEST_WORD = 5, 40


@dataclass(frozen=True)
class Facets:
    """What is ticked: media that she must allow, boards and agencies of which one must fit, and her height."""

    words: str = ""
    media: Sequence[str] = ()
    boards: Sequence[str] = ()
    agencies: Sequence[UUID] = ()
    shortest: int | None = None
    tallest: int | None = None


@dataclass(frozen=True)
class Counts:
    """`total` are found; each other figure is what a facet's value would leave, its own ticks apart."""

    total: int
    media: dict[str, int]
    boards: dict[str, int]
    agencies: dict[UUID, int]


def open_to(brand: Organization) -> QuerySet[Findable]:
    """Every twin that this brand may find."""
    rows = Findable.objects.filter(until__gt=timezone.now()).exclude(barred_brands__contains=[brand.pk])
    return rows.exclude(barred_categories__contains=[brand.category]) if brand.category else rows


def find(brand: Organization, wanted: Facets) -> QuerySet[Findable]:
    """One query for the words, if any; the rows are the caller's."""
    return _ticked(_common(brand, wanted), wanted)


def counted(brand: Organization, wanted: Facets, media: Sequence[str]) -> tuple[Counts, QuerySet[Findable]]:
    """How many there are, and the rows themselves. One query, and one for the words, if any."""
    common = _common(brand, wanted)
    return _count(common, wanted, media), _ticked(common, wanted)


def in_order(rows: QuerySet[Findable], column: str, *, words: str) -> QuerySet[Findable]:
    """By one column; `-` before its name turns it round. Whoever looks for words gets few rows: the database is kept
    from walking the whole index of the order in search of them."""
    name = column.removeprefix("-")
    key = Coalesce(name, name) if words_of(words) else F(name)
    return rows.order_by(key.desc() if column.startswith("-") else key.asc(), "pk")


def of_agency(agency: Organization, words: str) -> QuerySet[Findable]:
    """Those of its twins that brands may find, by words."""
    rows = Findable.objects.filter(until__gt=timezone.now(), agencies__contains=[agency.pk])
    return rows.filter(_words(words))


def _common(brand: Organization, wanted: Facets) -> QuerySet[Findable]:
    """What no facet narrows."""
    return open_to(brand).filter(_words(wanted.words) & _height(wanted))


def _ticked(common: QuerySet[Findable], wanted: Facets) -> QuerySet[Findable]:
    return common.filter(_media(wanted) & _boards(wanted) & _agencies(wanted))


# Each row is read once, and put into both groups: those of its board and barred media, of which there are a few dozen,
# and those of its agencies. Of either only what the other's facets leave is counted.
GROUPS = """
    SELECT board, barred_media, agencies, count(*) FILTER (WHERE by_agency), count(*) FILTER (WHERE by_rest)
    FROM ({rows}) AS found GROUP BY GROUPING SETS ((board, barred_media), (agencies))
"""


def _count(common: QuerySet[Findable], wanted: Facets, media: Sequence[str]) -> Counts:
    """Everything but the agencies is added up from the groups of board and barred media."""
    of_kinds, of_agencies = _groups(common, wanted)
    fits = [
        (board, set(barred), n, not wanted.boards or board in wanted.boards, not set(barred) & set(wanted.media))
        for board, barred, n in of_kinds
    ]
    boards: Counter[str] = Counter()
    for board, _, n, _, by_media in fits:
        boards[board] += n if by_media else 0
    agencies: Counter[UUID] = Counter()
    for together, n in of_agencies:
        for agency in together:
            agencies[agency] += n
    return Counts(
        total=sum(n for _, _, n, by_board, by_media in fits if by_board and by_media),
        media={
            medium: sum(n for _, barred, n, by_board, _ in fits if by_board and medium not in barred)
            for medium in media
        },
        boards=dict(boards),
        agencies={agency: n for agency, n in agencies.items() if n},
    )


def _groups(
    common: QuerySet[Findable], wanted: Facets
) -> tuple[list[tuple[str, list[str], int]], list[tuple[list[UUID], int]]]:
    rows = common.order_by().values(
        "board", "barred_media", "agencies", by_agency=_told(_agencies(wanted)),
        by_rest=_told(_media(wanted) & _boards(wanted)),
    )  # fmt: skip
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return [], []
    with connection.cursor() as cursor:
        cursor.execute(GROUPS.format(rows=sql), params)
        groups = cursor.fetchall()
    of_kinds = [(board, barred, n) for board, barred, _, n, _ in groups if board is not None]
    return of_kinds, [(agencies, n) for board, _, agencies, _, n in groups if board is None]


def _told(condition: Q) -> ExpressionWrapper:
    """Whether it holds, as a column."""
    return ExpressionWrapper(condition or Value(True), output_field=BooleanField())


def words_of(text: str) -> list[str]:
    """Letters and figures only: what is left means nothing to LIKE."""
    return [word[:LONGEST_WORD] for word in re.findall(r"[^\W_]+", text.lower())[:MOST_WORDS]]


def _words(text: str) -> Q:
    """Every word typed, or the nearest to it: one query says which words that are."""
    every, typed = Q(), words_of(text)
    if not typed:
        return every
    with connection.cursor() as cursor:
        cursor.execute("SELECT boards_meant(word) FROM unnest(%s::text[]) AS typed(word)", [typed])
        for (beginnings,) in cursor.fetchall():
            one = Q(pk__in=[])
            for beginning in beginnings:
                one |= Q(words__contains=f" {beginning}")
            every &= one
    return every


def _height(wanted: Facets) -> Q:
    shortest = Q(height_cm__gte=wanted.shortest) if wanted.shortest else Q()
    return shortest & Q(height_cm__lte=wanted.tallest) if wanted.tallest else shortest


def _media(wanted: Facets) -> Q:
    return ~Q(barred_media__overlap=list(wanted.media)) if wanted.media else Q()


def _boards(wanted: Facets) -> Q:
    return Q(board__in=list(wanted.boards)) if wanted.boards else Q()


def _agencies(wanted: Facets) -> Q:
    return Q(agencies__overlap=list(wanted.agencies)) if wanted.agencies else Q()
