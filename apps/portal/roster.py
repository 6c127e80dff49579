"""An agency's roster: the models under a running mandate with it, in saved views, searched, sorted, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.refs import parse_ref
from apps.common.spreadsheet import safe_text
from apps.portal.pictures import thumbnail
from apps.portal.roster_columns import COLUMNS, NAME, USUAL, Cell, Column, Model
from apps.portal.roster_query import filters, represented
from apps.roster.models import RosterEntry
from apps.roster.services.columns import chosen_columns
from apps.talent.models import Mandate, Talent

PER_PAGE = 50


@dataclass(frozen=True)
class View:
    """One saved view: a tab with a count, and what its empty page says."""

    key: str
    label: str
    empty: str
    count: int = 0


VIEWS = (
    View("all", "All", "A model shows here once her mandate with you is signed and running."),
    View("waiting", "Waiting for an answer", "Nobody waits for your answer: every request is answered."),
    View("ending", "Licence ends in 30 days", "No licence ends within thirty days. Nothing is to be renewed yet."),
    View("consent", "Consent renewal due", "Every consent is given and runs for sixty days at least."),
    View("mandate", "Mandate ends in 90 days", "Every mandate runs for ninety days at least."),
    View("quiet", "No activity in 30 days", "Everybody was asked for within thirty days, or has work under way."),
    View("paused", "Paused", "Nobody has paused her twin."),
    View("aside", "Set aside", "Nobody is set aside. Tick models in another view to hide them from it."),
)


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. Unknown values are dropped: a broken link still shows the roster."""

    view: str = "all"
    name: str = ""
    sort: str = NAME
    falling: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Wanted":
        sort = query.get("sort", "")
        key = sort.removeprefix("-")
        known = key == NAME or key in {column.key for column in COLUMNS}
        view = query.get("view", "")
        return cls(
            view=view if view in {known_view.key for known_view in VIEWS} else "all",
            name=query.get("q", "").strip()[:80],
            sort=key if known else NAME,
            falling=known and sort.startswith("-"),
        )


@dataclass(frozen=True)
class Head:
    """The head of a column: where a press on it leads, and how it is sorted now."""

    key: str
    label: str
    figure: bool
    sorted: str  # ascending, descending or empty
    next_sort: str


@dataclass(frozen=True)
class Row:
    model: Model
    cells: list[tuple[Column, Cell]]


@dataclass(frozen=True)
class Roster:
    views: list[View]
    view: View
    wanted: Wanted
    heads: list[Head]
    chosen: list[str]
    page: Page[Any]
    rows: list[Row]


def roster(actor: Actor, wanted: Wanted, *, page_number: str) -> Roster:
    """One page of a view. The same number of queries, whatever the rows."""
    everybody = represented(actor)
    columns = columns_of(actor)
    page = Paginator(_ordered(_narrowed(everybody, actor, wanted), wanted), PER_PAGE).get_page(page_number)
    views = _counted(everybody)
    return Roster(
        views=views,
        view=next(view for view in views if view.key == wanted.view),
        wanted=wanted,
        heads=[_head(NAME, "Model", False, wanted)]
        + [_head(column.key, column.label, column.figure, wanted) for column in columns],
        chosen=[column.key for column in columns],
        page=page,
        rows=[Row(model, [(column, column.cell(model)) for column in columns]) for model in map(_model, page)],
    )


def sheet(actor: Actor, wanted: Wanted) -> list[list[str]]:
    """The whole view as it stands, head first: every page of it, in the chosen columns and order."""
    columns = columns_of(actor)
    models = map(_model, _ordered(_narrowed(represented(actor), actor, wanted), wanted))
    head = ["Model", *(column.label for column in columns)]
    return [
        head,
        *([safe_text(model.talent.stage_name), *(column.plain(model) for column in columns)] for model in models),
    ]


def columns_of(actor: Actor) -> list[Column]:
    """Those that she chose, or the usual ones."""
    keys = chosen_columns(by=actor, known=[column.key for column in COLUMNS]) or USUAL
    return [column for column in COLUMNS if column.key in keys]


def _counted(everybody: QuerySet[Talent]) -> list[View]:
    """One query for all views."""
    counts = everybody.aggregate(**{f"in_{key}": Count("pk", filter=condition) for key, condition in filters().items()})
    return [View(view.key, view.label, view.empty, counts[f"in_{view.key}"]) for view in VIEWS]


def _narrowed(everybody: QuerySet[Talent], actor: Actor, wanted: Wanted) -> QuerySet[Talent]:
    """The view, and in it the name: hers at work, or name and address as the agency itself wrote them down."""
    chosen = everybody.filter(filters()[wanted.view])
    if not wanted.name:
        return chosen
    told = RosterEntry.objects.filter(agency=parse_ref(actor.party, "org"), talent=OuterRef("pk")).filter(
        Q(first_name__icontains=wanted.name) | Q(last_name__icontains=wanted.name) | Q(email__icontains=wanted.name)
    )
    return chosen.filter(Q(stage_name__icontains=wanted.name) | Exists(told))


def _ordered(models: QuerySet[Talent], wanted: Wanted) -> QuerySet[Talent]:
    by = next((column.order for column in COLUMNS if column.key == wanted.sort), "stage_name")
    key = F(by).desc(nulls_last=True) if wanted.falling else F(by).asc(nulls_last=True)
    return models.order_by(key, "stage_name", "pk")


def _head(key: str, label: str, figure: bool, wanted: Wanted) -> Head:
    if wanted.sort != key:
        return Head(key, label, figure, "", key)
    return Head(
        key, label, figure, "descending" if wanted.falling else "ascending", key if wanted.falling else f"-{key}"
    )


def _model(talent: Talent) -> Model:
    ours: list[Mandate] = getattr(talent, "ours", [])
    twin = getattr(talent, "twin", None)
    return Model(talent=talent, mandate=ours[0], twin=twin, thumb=thumbnail(twin.cover) if twin else "")
