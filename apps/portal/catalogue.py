"""Which twins a brand may book, and the facets that narrow them down.

There is no facet on ethnicity or skin, and none may be added: nobody is found by that here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from apps.common.vocabulary import Medium
from apps.consents.models import Consent, Purpose
from apps.organizations.models import Organization
from apps.portal.pictures import Picture, picture
from apps.portal.prices import Prices
from apps.pricing.models import DayRate
from apps.talent.models import Board, Mandate
from apps.twins.models import Twin, TwinQuerySet

PER_PAGE = 24
NEEDED = (Purpose.GENERATE, Purpose.PUBLISH, Purpose.PROMOTE)
SORTS = {"name": "Name", "price": "Lowest price", "new": "Newest"}


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
    chips: list[tuple[str, str, str]]
    total: int


def running_mandates(day: date) -> Q:
    """Mandates that represent the twin today."""
    return Q(starts_on__lte=day, ends_on__gte=day, covers_twins=True) & (Q(ended_on=None) | Q(ended_on__gt=day))


def bookable(brand: Organization) -> TwinQuerySet:
    """The twins that this brand may ask for: listed, approved in time, all consents in force, no rule against it."""
    return _cleared(brand).filter(state=Twin.State.LISTED)


def resting(brand: Organization) -> TwinQuerySet:
    """The twins that this brand could ask for if their models had not paused them."""
    return _cleared(brand).filter(state=Twin.State.PAUSED)


def _cleared(brand: Organization) -> TwinQuerySet:
    today = timezone.now().date()
    twins = Twin.objects.filter(Q(best_before=None) | Q(best_before__gte=today))
    for purpose in NEEDED:
        given = Consent.objects.in_force().filter(talent=OuterRef("talent"), purpose=purpose)
        twins = twins.filter(Exists(given))
    barred = Q(talent__boundaries__barred_brands=brand)
    if brand.category:
        barred |= Q(talent__boundaries__barred_categories__contains=[brand.category])
    twins = twins.filter(talent__boundaries__isnull=False).exclude(pk__in=Twin.objects.filter(barred).values("pk"))
    return twins.annotate(rate=_day_rate()).filter(rate__isnull=False)


def search(brand: Organization, wanted: Wanted, page_number: str) -> Results:
    """One page of twins with facets. Seven queries, whatever the rows."""
    everything = bookable(brand)
    found = _narrow(everything, wanted)
    order = {"name": "talent__stage_name", "price": "rate", "new": "-created_at"}[wanted.sort]
    page = Paginator(with_cards(found.order_by(order, "pk")), PER_PAGE).get_page(page_number)
    facets = _facets(everything, wanted)
    return Results(
        page=page,
        cards=cards(list(page.object_list), brand),
        facets=facets,
        chips=[(f.key, o.value, o.label) for f in facets for o in f.options if o.chosen],
        total=page.paginator.count,
    )


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


def _day_rate() -> Any:
    party = Concat(Value("talent:"), Cast(OuterRef("talent_id"), CharField()))
    return Subquery(DayRate.objects.filter(talent_ref=party).values("amount_minor")[:1])


def _narrow(twins: TwinQuerySet, wanted: Wanted, *, apart_from: str = "") -> TwinQuerySet:
    if wanted.name:
        twins = twins.filter(talent__stage_name__icontains=wanted.name)
    for use in wanted.uses if apart_from != "use" else ():
        twins = twins.exclude(talent__boundaries__barred_media__contains=[use])
    if wanted.boards and apart_from != "board":
        twins = twins.filter(talent__board__in=wanted.boards)
    if wanted.agencies and apart_from != "agency":
        running = Mandate.objects.filter(running_mandates(timezone.now().date()), agency__slug__in=wanted.agencies)
        twins = twins.filter(talent__in=running.values("talent"))
    if wanted.shortest:
        twins = twins.filter(talent__height_cm__gte=wanted.shortest)
    if wanted.tallest:
        twins = twins.filter(talent__height_cm__lte=wanted.tallest)
    return twins


def _facets(everything: TwinQuerySet, wanted: Wanted) -> list[Facet]:
    """Each facet counts within what the other facets leave."""
    by_use = _narrow(everything, wanted, apart_from="use").aggregate(
        **{use: Count("pk", filter=~Q(talent__boundaries__barred_media__contains=[use])) for use in Medium.values}
    )
    by_board = dict(
        _narrow(everything, wanted, apart_from="board")
        .order_by()
        .values_list("talent__board")
        .annotate(Count("pk"))
        .values_list("talent__board", "pk__count")
    )
    return [
        Facet("use", "May be used for", _options(Medium.choices, by_use, wanted.uses)),
        Facet("board", "Board", _options(Board.choices, by_board, wanted.boards)),
        _agency_facet(_narrow(everything, wanted, apart_from="agency"), wanted),
    ]


def _agency_facet(twins: TwinQuerySet, wanted: Wanted) -> Facet:
    rows = (
        Mandate.objects.filter(running_mandates(timezone.now().date()), talent__in=twins.values("talent"))
        .values_list("agency__slug", "agency__name")
        .annotate(n=Count("talent", distinct=True))
        .order_by("agency__name")
    )
    options = [Option(slug, name, n, slug in wanted.agencies) for slug, name, n in rows]
    return Facet("agency", "Agency", options)


def _options(choices: list[tuple[str, str]], counts: Mapping[str, int], chosen: tuple[str, ...]) -> list[Option]:
    return [
        Option(value, str(label), counts.get(value, 0), value in chosen)
        for value, label in choices
        if counts.get(value, 0) or value in chosen
    ]


def _centimetres(text: str) -> int | None:
    return int(text) if text.isdigit() and 100 <= int(text) <= 250 else None
