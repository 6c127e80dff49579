"""Twins found by words and facets, and how many each facet would leave: over the narrow table, never over the facts."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
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
    ticked = _media(wanted) & _boards(wanted) & _agencies(wanted)
    return open_to(brand).filter(_words(wanted.words) & _height(wanted) & ticked)


def of_agency(agency: Organization, words: str) -> QuerySet[Findable]:
    """Those of its twins that brands may find, by words."""
    rows = Findable.objects.filter(until__gt=timezone.now(), agencies__contains=[agency.pk])
    return rows.filter(_words(words))


def count(brand: Organization, wanted: Facets, media: Sequence[str]) -> Counts:
    """Two queries. The first answers how many there are of each board and set of barred media, a few dozen rows at the
    most, and everything but the agencies is added up from these."""
    common = open_to(brand).filter(_words(wanted.words) & _height(wanted))
    groups = list(
        common.filter(_agencies(wanted)).order_by().values_list("board", "barred_media").annotate(n=Count("pk"))
    )
    fits = [
        (board, set(barred), n, not wanted.boards or board in wanted.boards, not set(barred) & set(wanted.media))
        for board, barred, n in groups
    ]
    boards: Counter[str] = Counter()
    for board, _, n, _, by_media in fits:
        boards[board] += n if by_media else 0
    by_medium = {
        medium: sum(n for _, barred, n, by_board, _ in fits if by_board and medium not in barred) for medium in media
    }
    of_agencies = (
        common.filter(_media(wanted) & _boards(wanted))
        .annotate(agency=Func(F("agencies"), function="unnest"))
        .order_by()
        .values_list("agency")
        .annotate(n=Count("pk"))
    )
    return Counts(
        total=sum(n for _, _, n, by_board, by_media in fits if by_board and by_media),
        media=by_medium,
        boards=dict(boards),
        agencies=dict(of_agencies),
    )


def words_of(text: str) -> list[str]:
    """Letters and figures only: what is left means nothing to LIKE."""
    return [word[:LONGEST_WORD] for word in re.findall(r"[^\W_]+", text.lower())[:MOST_WORDS]]


def _words(text: str) -> Q:
    every = Q()
    for word in words_of(text):
        # Called once; beside a FROM it would be called for each of its rows.
        every &= Q(pk__in=RawSQL("SELECT boards_found(%s)", [word]))
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
