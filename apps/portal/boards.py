"""Boards and packages as their pages show them, to their own people and to whoever holds a link."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.boards import finding
from apps.boards.cleared import bookable, resting
from apps.boards.models import Board, Entry, Opening, Share
from apps.boards.services import received_by
from apps.boards.services.gathering import may_hold
from apps.common.refs import parse_ref
from apps.media.models import StoredFile
from apps.media.signing import signed_url
from apps.organizations.models import Organization
from apps.portal.catalogue import Card, cards, with_cards
from apps.portal.pictures import NO_PICTURE, Picture
from apps.portal.twin_page import measures
from apps.twins.models import Twin

PER_PAGE = 30
COVERS = 4  # of a board in the list
OFFERED = 12
OPENINGS_SHOWN = 20
TEN_MINUTES = 600  # seconds; a link taken back shows its pictures no longer than that


@dataclass(frozen=True)
class Row:
    """One board in the list."""

    board: Board
    twins: int
    links: int
    opened: int
    covers: list[Card]


@dataclass(frozen=True)
class Placed:
    """One twin of a board; `card` only while it may be booked, else `why` in general words."""

    entry: Entry
    name: str
    card: Card | None
    why: str = ""


@dataclass(frozen=True)
class BoardPage:
    board: Board
    placed: list[Placed]
    offered: list[Card]
    words: str
    links: list[Share]
    openings: list[Opening]
    opened: int

    @property
    def bookable(self) -> int:
        return sum(1 for placed in self.placed if placed.card)


@dataclass(frozen=True)
class SharedTwin:
    name: str
    agency: str
    picture: Picture
    measures: list[tuple[str, str]]
    note: str
    synthetic: bool


def boards_of(actor: Actor) -> QuerySet[Board]:
    """The organisation's own; of shortlists only hers."""
    rows = Board.objects.filter(organization=parse_ref(actor.party, "org"))
    return rows.filter(~Q(kind=Board.Kind.SHORTLIST) | Q(made_by=actor.user_id)).select_related(
        "organization", "for_brand"
    )


def board_rows(actor: Actor, organization: Organization, page_number: str) -> tuple[Page[Any], list[Row]]:
    """A constant number of queries."""
    alive = Share.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    counted = boards_of(actor).annotate(
        twins=_counted(Entry.objects, "board"),
        links=_counted(alive, "board"),
        opened=_counted(Opening.objects, "share__board"),
    )
    page = Paginator(counted.order_by("-created_at", "pk"), PER_PAGE).get_page(page_number)
    boards: list[Any] = list(page.object_list)
    covers = _covers(boards, organization)
    rows = [Row(board, board.twins, board.links, board.opened, covers.get(board.pk, [])) for board in boards]
    return page, sorted(rows, key=lambda row: row.board.kind != Board.Kind.SHORTLIST)


def _counted(rows: Any, leads: str) -> Any:
    """How many rows lead to the board by this path: counted for the boards that are shown, and each for itself."""
    mine = rows.filter(**{leads: OuterRef("pk")}).order_by().values(leads)
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)


def received(brand: Organization, page_number: str) -> tuple[Page[Any], set[UUID | None]]:
    """Packages that agencies sent to this brand, and those that it made a board of. Three queries."""
    rows = received_by(brand).annotate(twins=_counted(Entry.objects, "board"))
    page = Paginator(rows, PER_PAGE).get_page(page_number)
    taken = Board.objects.filter(organization=brand, taken_from__in=list(page))
    return page, set(taken.values_list("taken_from", flat=True))


def board_page(board: Board, *, words: str) -> BoardPage:
    """`board` comes from `boards_of`."""
    entries = list(board.entries.select_related("twin__talent"))
    pks = [entry.twin_id for entry in entries]
    shown = {twin.pk: twin for twin in with_cards(may_hold(board).filter(pk__in=pks))}
    by_twin = _cards_of(shown.values(), board)
    rest = set() if board.is_package else set(
        resting(board.organization).filter(pk__in=pks).values_list("pk", flat=True)
    )  # fmt: skip
    openings = Opening.objects.filter(share__board=board).select_related("organization")
    return BoardPage(
        board=board,
        placed=[_placed(entry, by_twin.get(entry.twin_id), entry.twin_id in rest, board) for entry in entries],
        offered=_offered(board, words, pks),
        words=words,
        links=_links(board),
        openings=list(openings[:OPENINGS_SHOWN]),
        opened=openings.count(),
    )


def _links(board: Board) -> list[Share]:
    """Those that work, which are few, and the newest of the others."""
    works = ExpressionWrapper(Q(revoked_at=None, expires_at__gt=timezone.now()), output_field=BooleanField())
    rows = board.shares.annotate(works=works, opened=_of_link(Count("pk")), last=_of_link(Max("created_at")))
    return list(rows.order_by("-works", "-created_at", "pk")[:PER_PAGE])


def _of_link(what: Any) -> Any:
    opened = Opening.objects.filter(share=OuterRef("pk")).order_by().values("share")
    return Subquery(opened.annotate(found=what).values("found"))


def shared_twins(board: Board, *, viewer: Organization | None) -> tuple[list[SharedTwin], int]:
    """What a link shows: those that may be booked now, by the one who looks where a brand does; and how many not."""
    notes = dict(board.entries.values_list("twin_id", "note"))
    twins = may_hold(board).filter(pk__in=notes)
    if viewer is not None and viewer.kind == Organization.Kind.BRAND:
        twins = twins.filter(pk__in=bookable(viewer).values("pk"))
    found = {twin.pk: twin for twin in with_cards(twins)}
    ordered = [found[pk] for pk in notes if pk in found]
    return [_shared(twin, notes[twin.pk]) for twin in ordered], len(notes) - len(ordered)


def watermarked(file: StoredFile | None) -> Picture:
    """A cover for whoever holds a link: marked all over, and addressed for minutes."""
    if file is None or not file.is_picture or file.deleted_at:
        return NO_PICTURE
    return Picture(src=signed_url(file, seconds=TEN_MINUTES, rendition="shared640"), wash=file.wash)


def _shared(twin: Twin, note: str) -> SharedTwin:
    running = getattr(twin.talent, "running", [])
    return SharedTwin(
        name=twin.talent.stage_name,
        agency=running[0].agency.name if running else "Independent",
        picture=watermarked(twin.cover),
        measures=[(label, value) for label, value in measures(twin.talent) if label not in ("Hair", "Eyes")],
        note=note,
        synthetic=twin.talent.synthetic,
    )


def _placed(entry: Entry, card: Card | None, rests: bool, board: Board) -> Placed:
    name = entry.twin.talent.stage_name
    if card is not None:
        return Placed(entry, name, card)
    if rests:
        return Placed(entry, name, None, f"{name} has paused this twin. It can be booked again once it is resumed.")
    if board.is_package:
        return Placed(entry, name, None, "Not shown by the links: this twin cannot be booked now.")
    return Placed(entry, name, None, "Not available for your brand now.")


def _offered(board: Board, words: str, there: list[UUID]) -> list[Card]:
    """What may be put on it: by words, and without any an agency's own roster and a producer's shortlist."""
    if board.is_package:
        rows = finding.of_agency(board.organization, words)
    elif words:
        rows = finding.find(board.organization, finding.Facets(words=words))
    else:
        listed = Entry.objects.filter(
            board__kind=Board.Kind.SHORTLIST, board__organization=board.organization, board__made_by=board.made_by_id
        )
        rows = finding.open_to(board.organization).filter(pk__in=listed.values("twin"))
    pks = list(rows.exclude(pk__in=there).order_by("name", "pk").values_list("pk", flat=True)[:OFFERED])
    twins = with_cards(may_hold(board).filter(pk__in=pks)).order_by("talent__stage_name", "pk")
    return list(_cards_of(twins, board).values())


def _cards_of(twins: Iterable[Twin], board: Board) -> dict[UUID, Card]:
    """Prices are for whoever will book: the brand of a package, where it is for one."""
    every = list(twins)
    made = cards(every, board.for_brand or board.organization)
    return {twin.pk: card for twin, card in zip(every, made, strict=True)}


def _covers(boards: list[Board], organization: Organization) -> dict[UUID, list[Card]]:
    """The first pictures of each board, of twins that the organisation's own page shows as well. Three queries."""
    entries = list(Entry.objects.filter(board__in=boards).order_by("created_at", "pk"))
    brand = organization if organization.kind == Organization.Kind.BRAND else None
    twins = list(with_cards(bookable(brand).filter(pk__in={entry.twin_id for entry in entries})))
    by_twin = dict(zip((twin.pk for twin in twins), cards(twins, organization), strict=True))
    covers: dict[UUID, list[Card]] = {}
    for entry in entries:
        if entry.twin_id in by_twin and len(covers.setdefault(entry.board_id, [])) < COVERS:
            covers[entry.board_id].append(by_twin[entry.twin_id])
    return covers
