"""Which twins a brand may book, and the facets that narrow them down.

There is no facet on ethnicity or skin, and none may be added: nobody is found by that here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.http import urlencode

from apps.boards import finding
from apps.boards.cleared import bookable, resting, running_mandates
from apps.common.vocabulary import Medium
from apps.organizations.models import Organization
from apps.portal.pictures import Picture, picture
from apps.portal.prices import Prices
from apps.talent.models import Board, Mandate
from apps.twins.models import Twin, TwinQuerySet

__all__ = ["bookable", "cards", "resting", "search", "with_cards"]

PER_PAGE = 24
MOST_AGENCIES = 20  # in the facet, those with most twins first
SORTS = {"name": "Name", "price": "Lowest price", "new": "Newest"}
NOBODY = UUID(int=0)
ORDERS = {"name": "name", "price": "rate_minor", "new": "-since"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. Unknown values are dropped, so a broken link still shows twins."""

    name: str = ""
    uses: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    shortest: int | None = None
    tallest: int | None = None
    sort: str = "name"

    @classmethod
    def from_query(cls, query: Any) -> "Wanted":
        return cls(
            name=query.get("q", "").strip()[:80],
            uses=tuple(use for use in query.getlist("use") if use in Medium.values),
            boards=tuple(board for board in query.getlist("board") if board in Board.values),
            agencies=tuple(slug[:80] for slug in query.getlist("agency")),
            shortest=_centimetres(query.get("hmin", "")),
            tallest=_centimetres(query.get("hmax", "")),
            sort=query.get("sort") if query.get("sort") in SORTS else "name",
        )

    def facets(self, agencies: list[UUID]) -> finding.Facets:
        """With the ticked agencies that exist; ticks that name none find nothing."""
        return finding.Facets(
            words=self.name,
            media=self.uses,
            boards=self.boards,
            agencies=agencies if agencies or not self.agencies else [NOBODY],
            shortest=self.shortest,
            tallest=self.tallest,
        )

    @property
    def query(self) -> str:
        """The address's query that asks for this, and nothing else: the same search is always the same text."""
        return urlencode(self._pairs())

    def query_without(self, key: str, value: str) -> str:
        return urlencode([pair for pair in self._pairs() if pair != (key, value)])

    def _pairs(self) -> list[tuple[str, str]]:
        one = {"q": self.name, "hmin": self.shortest, "hmax": self.tallest}
        many = {"use": self.uses, "board": self.boards, "agency": self.agencies}
        pairs = [(key, str(value)) for key, value in one.items() if value]
        pairs += [(key, value) for key, values in many.items() for value in sorted(values)]
        return [*pairs, ("sort", self.sort)] if self.sort != "name" else pairs


@dataclass(frozen=True)
class Chip:
    """One thing that narrows, and the address's query without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    key: str
    title: str
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """One twin in a list."""

    slug: str
    name: str
    agency: str
    height_cm: int | None
    from_minor: int | None
    currency: str
    picture: Picture
    synthetic: bool


@dataclass(frozen=True)
class Results:
    page: Page[Any]
    cards: list[Card]
    facets: list[Facet]
    chips: list[Chip]
    total: int


class KnownCount(Paginator):
    """The facets have counted already."""

    def __init__(self, *args: Any, count: int) -> None:
        super().__init__(*args)
        self.known = count

    @cached_property
    def count(self) -> int:
        return self.known


def search(brand: Organization, wanted: Wanted, page_number: str) -> Results:
    """One page of twins with facets. A constant number of queries over the narrow table, whatever the rows."""
    agencies = {agency.pk: agency for agency in Organization.objects.filter(slug__in=wanted.agencies)}
    facets = wanted.facets(list(agencies))
    counts, rows = finding.counted(brand, facets, Medium.values)
    found = finding.in_order(rows, ORDERS[wanted.sort], words=wanted.name).values_list("pk", flat=True)
    page = KnownCount(found, PER_PAGE, count=counts.total).get_page(page_number)
    shown = _facets(wanted, counts)
    return Results(
        page=page,
        cards=cards(_in_order(list(page.object_list)), brand),
        facets=shown,
        chips=_chips(wanted, shown),
        total=page.paginator.count,
    )


def newest(brand: Organization, most: int) -> list[Card]:
    """The twins that joined last."""
    rows = finding.in_order(finding.open_to(brand), ORDERS["new"], words="")
    return cards(_in_order(list(rows.values_list("pk", flat=True)[:most])), brand)


def alike(brand: Organization, twin: Twin, most: int) -> list[Card]:
    """Others of her board."""
    rows = finding.in_order(finding.open_to(brand).filter(board=twin.talent.board), ORDERS["name"], words="")
    return cards(_in_order(list(rows.exclude(pk=twin.pk).values_list("pk", flat=True)[:most])), brand)


def _in_order(pks: list[UUID]) -> list[Twin]:
    """Of rows that were found, in their order."""
    found = {twin.pk: twin for twin in with_cards(Twin.objects.filter(pk__in=pks))}
    return [found[pk] for pk in pks if pk in found]


def _chips(wanted: Wanted, shown: list[Facet]) -> list[Chip]:
    """What was typed, then what was ticked."""
    typed = [
        ("q", wanted.name, f"“{wanted.name}”"),
        ("hmin", wanted.shortest, f"From {wanted.shortest} cm"),
        ("hmax", wanted.tallest, f"Up to {wanted.tallest} cm"),
    ]
    ticked = [(facet.key, option.value, option.label) for facet in shown for option in facet.options if option.chosen]
    return [Chip(label, wanted.query_without(key, str(value))) for key, value, label in [*typed, *ticked] if value]


def with_cards(twins: TwinQuerySet) -> TwinQuerySet:
    """What a card shows, fetched together."""
    mandates = Mandate.objects.filter(running_mandates(timezone.now().date())).select_related("agency").order_by("kind")
    return twins.select_related("talent", "chosen_cover").prefetch_related(
        Prefetch("talent__mandates", queryset=mandates, to_attr="running")
    )


def cards(twins: list[Twin], brand: Organization) -> list[Card]:
    """Cards with the price that each twin starts from. Two queries."""
    prices = Prices.of([(twin.talent.party, _agency(twin)) for twin in twins], country=brand.country)
    return [_card(twin, prices) for twin in twins]


def _card(twin: Twin, prices: Prices) -> Card:
    talent = twin.talent
    agency = _agency(twin)
    lowest = prices.lowest(talent.party, agency.party if agency else None)
    return Card(
        slug=talent.slug,
        name=talent.stage_name,
        agency=agency.name if agency else "Independent",
        height_cm=talent.height_cm,
        from_minor=lowest.amount_minor if lowest else None,
        currency=lowest.currency if lowest else "",
        picture=picture(twin.cover),
        synthetic=talent.synthetic,
    )


def _agency(twin: Twin) -> Organization | None:
    running: list[Mandate] = getattr(twin.talent, "running", [])
    return running[0].agency if running else None


def _facets(wanted: Wanted, counts: finding.Counts) -> list[Facet]:
    """Each facet counts within what the other facets leave."""
    return [
        Facet("use", "May be used for", _options(Medium.choices, counts.media, wanted.uses)),
        Facet("board", "Board", _options(Board.choices, counts.boards, wanted.boards)),
        _agency_facet(wanted, counts.agencies),
    ]


def _agency_facet(wanted: Wanted, counts: Mapping[UUID, int]) -> Facet:
    """The largest ones, and those that are ticked."""
    largest = sorted(counts, key=lambda pk: -counts[pk])[:MOST_AGENCIES]
    rows = Organization.objects.filter(pk__in=largest) | Organization.objects.filter(slug__in=wanted.agencies)
    options = [
        Option(agency.slug, agency.name, counts.get(agency.pk, 0), agency.slug in wanted.agencies)
        for agency in rows.order_by("name")
    ]
    return Facet("agency", "Agency", options)


def _options(choices: list[tuple[str, str]], counts: Mapping[str, int], chosen: tuple[str, ...]) -> list[Option]:
    return [
        Option(value, str(label), counts.get(value, 0), value in chosen)
        for value, label in choices
        if counts.get(value, 0) or value in chosen
    ]


def _centimetres(text: str) -> int | None:
    return int(text) if text.isdigit() and 100 <= int(text) <= 250 else None
