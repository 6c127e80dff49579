"""A producer's shortlist beside the twins: which are pressed, and the tray below."""

from dataclasses import dataclass
from uuid import UUID

from apps.accounts.actor import Actor
from apps.boards.cleared import bookable
from apps.boards.models import Board, Entry
from apps.boards.policies import curates
from apps.organizations.models import Organization
from apps.portal.catalogue import cards, with_cards
from apps.portal.pictures import Picture

MOST_COMPARED = 4
PICTURES = 6


@dataclass(frozen=True)
class Tray:
    """`pressed` are the slugs on the list; `comparable` the newest of those that may be booked now."""

    may_press: bool
    board: UUID | None = None
    count: int = 0
    pressed: frozenset[str] = frozenset()
    comparable: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


def tray_of(actor: Actor, brand: Organization) -> Tray:
    """Two queries without a shortlist, a constant number with one."""
    if not curates(actor, brand):
        return Tray(may_press=False)
    entries = Entry.objects.filter(
        board__organization=brand, board__kind=Board.Kind.SHORTLIST, board__made_by=actor.user_id
    ).select_related("twin__talent")
    rows = list(entries.order_by("-created_at"))
    if not rows:
        return Tray(may_press=True)
    newest = [row.twin_id for row in rows][:PICTURES]
    found = {twin.pk: twin for twin in with_cards(bookable(brand).filter(pk__in=newest))}
    shown = cards([found[pk] for pk in newest if pk in found], brand)
    return Tray(
        may_press=True,
        board=rows[0].board_id,
        count=len(rows),
        pressed=frozenset(row.twin.talent.slug for row in rows),
        comparable=tuple(card.slug for card in shown[:MOST_COMPARED]),
        pictures=tuple(card.picture for card in shown if card.picture.src),
    )
