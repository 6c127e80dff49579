"""Putting twins on shortlists, boards and packages, and taking them off."""

from collections.abc import Iterable

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.boards.cleared import bookable, represented_by
from apps.boards.models import Board, Entry
from apps.boards.policies import require_curator, require_keeper_of
from apps.boards.services.sending import tell_brand
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.organizations.models import Organization
from apps.twins.models import Twin, TwinQuerySet

MOST_ENTRIES = 60
LONGEST_NAME, LONGEST_NOTE, LONGEST_WORDS = 80, 300, 1_000


def may_hold(board: Board) -> TwinQuerySet:
    """What may be put on it now, and what a link of it shows: the brand's bookable twins; of a package those that the
    agency represents and its brand may book."""
    if not board.is_package:
        return bookable(board.organization)
    twins = represented_by(board.organization)
    return twins.filter(pk__in=bookable(board.for_brand).values("pk")) if board.for_brand_id else twins


@transaction.atomic
def shortlist(*, by: Actor, brand: Organization, twin: Twin) -> bool:
    """One press: on her shortlist if it was not there, off it if it was. Answers whether it is there now.

    Raises NotAllowed, Refused for a twin that this brand cannot book, InvalidInput when the shortlist is full.
    """
    require_curator(by, brand)
    board, _ = Board.objects.get_or_create(
        organization=brand, kind=Board.Kind.SHORTLIST, made_by_id=by.user_id, defaults={"name": "Shortlist"}
    )
    there = Entry.objects.filter(board=board, twin=twin).first()
    if there is not None:
        remove(by=by, entry=there)
        return False
    if not add(by=by, board=board, twins=[twin]):
        raise Refused("This twin is not available for your brand now.")
    return True


@transaction.atomic
def create(
    *, by: Actor, organization: Organization, name: str, note: str = "", for_brand: Organization | None = None,
    twins: Iterable[Twin] = (),
) -> Board:  # fmt: skip
    """A board of a brand, or a package of an agency, with those of the twins that it may hold.

    Raises NotAllowed, InvalidInput(field=name, note, for_brand).
    """
    require_curator(by, organization)
    kind = Board.Kind.PACKAGE if organization.kind == Organization.Kind.AGENCY else Board.Kind.BOARD
    _check(organization, name, note, for_brand)
    board = Board.objects.create(
        organization=organization, kind=kind, name=name.strip(), note=note.strip(), for_brand=for_brand,
        made_by_id=by.user_id,
    )  # fmt: skip
    put = _put(board, twins)
    record(kind="board.created", subject=board.ref, by=by.label, payload={"kind": kind, "twins": put})
    return board


@transaction.atomic
def change(*, by: Actor, board: Board, name: str, note: str, for_brand: Organization | None = None) -> None:
    """Another name, note or brand; another brand is told, where a link works.

    Raises NotAllowed, InvalidInput(field=…).
    """
    require_keeper_of(by, board)
    _check(board.organization, name, note, for_brand)
    before = board.for_brand_id
    board.name, board.note, board.for_brand = name.strip(), note.strip(), for_brand
    board.save(update_fields=["name", "note", "for_brand"])
    record(kind="board.changed", subject=board.ref, by=by.label, payload={"name": board.name})
    if board.for_brand_id != before:
        tell_brand(board)


@transaction.atomic
def add(*, by: Actor, board: Board, twins: Iterable[Twin]) -> int:
    """Those that it may hold and does not hold yet. Answers how many; raises NotAllowed, InvalidInput when full."""
    require_keeper_of(by, board)
    Board.objects.select_for_update(of=("self",)).get(pk=board.pk)
    put = _put(board, twins)
    if put:
        record(kind="board.added", subject=board.ref, by=by.label, payload={"twins": put})
    return len(put)


@transaction.atomic
def remove(*, by: Actor, entry: Entry) -> None:
    """Raises NotAllowed, StaleState when it is off already."""
    require_keeper_of(by, entry.board)
    if not Entry.objects.filter(pk=entry.pk).delete()[0]:
        raise StaleState("This twin is off the board already.")
    record(kind="board.removed", subject=entry.board.ref, by=by.label, payload={"twin": str(entry.twin_id)})


@transaction.atomic
def write_note(*, by: Actor, entry: Entry, note: str) -> None:
    """What whoever opens the board reads beside the twin. Raises NotAllowed, InvalidInput(field="note")."""
    require_keeper_of(by, entry.board)
    if len(note.strip()) > LONGEST_NOTE:
        raise InvalidInput(f"A note has at most {LONGEST_NOTE} characters.", field="note")
    entry.note = note.strip()
    entry.save(update_fields=["note"])
    record(kind="board.noted", subject=entry.board.ref, by=by.label, payload={"twin": str(entry.twin_id)})


@transaction.atomic
def delete(*, by: Actor, board: Board) -> None:
    """Its links stop at once. What a brand took over from a package stays the brand's."""
    require_keeper_of(by, board)
    subject, kind = board.ref, board.kind
    board.delete()
    record(kind="board.deleted", subject=subject, by=by.label, payload={"kind": kind})


def _put(board: Board, twins: Iterable[Twin]) -> list[str]:
    wanted = {twin.pk for twin in twins}
    if not wanted:
        return []
    there = set(board.entries.values_list("twin_id", flat=True))
    fit = may_hold(board).filter(pk__in=wanted - there).values_list("pk", flat=True)
    new = sorted(fit)
    if len(there) + len(new) > MOST_ENTRIES:
        raise InvalidInput(f"{MOST_ENTRIES} twins are the most. Take some off, or begin another.", field="twins")
    for twin_id in new:
        Entry.objects.create(board=board, twin_id=twin_id)
    return [str(twin_id) for twin_id in new]


def _check(organization: Organization, name: str, note: str, for_brand: Organization | None) -> None:
    if not name.strip():
        raise InvalidInput("Give it a name.", field="name")
    if len(name.strip()) > LONGEST_NAME:
        raise InvalidInput(f"A name has at most {LONGEST_NAME} characters.", field="name")
    if len(note.strip()) > LONGEST_WORDS:
        raise InvalidInput(f"At most {LONGEST_WORDS} characters.", field="note")
    if for_brand is None:
        return
    if organization.kind != Organization.Kind.AGENCY or for_brand.kind != Organization.Kind.BRAND:
        raise InvalidInput("Only an agency chooses for a brand.", field="for_brand")
