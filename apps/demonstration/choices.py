"""What the demonstration's people have gathered: a house its shortlist, a board with a link and a saved search, an
agency a package for another house."""

from collections.abc import Callable

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.boards import services
from apps.boards.cleared import bookable
from apps.boards.models import Board, Entry, SavedFilter
from apps.boards.services.gathering import may_hold
from apps.demonstration.programme import address
from apps.organizations.models import Organization
from apps.twins.models import Twin

HOUSE, AGENCY, FOR = "maison-orsay", "elan", "halden-rye"
BOARD, PACKAGE, FILTER = "Linen, first light", "Faces for the winter knits", "Tall, for the shop"
NOTES = ("Opens the story", "Beside the window", "For the close pictures", "")
LISTED, CHOSEN = 3, 4


def load_choices(acting: Callable[[User], Actor]) -> None:
    """Idempotent."""
    by_slug = {found.slug: found for found in Organization.objects.filter(slug__in=(HOUSE, AGENCY, FOR))}
    people = {user.email: acting(user) for user in User.objects.filter(email__in=map(address, by_slug))}
    house, producer = by_slug[HOUSE], people[address(HOUSE)]
    if not SavedFilter.objects.filter(organization=house).exists():
        services.save_filter(by=producer, organization=house, name=FILTER, query="hmin=174&use=ecommerce")
    _gather(producer, house)
    if not Board.objects.filter(organization=by_slug[AGENCY]).exists():
        booker = people[address(AGENCY)]
        package = services.create(
            by=booker, organization=by_slug[AGENCY], name=PACKAGE, for_brand=by_slug[FOR],
            note="Faces that know how wool falls.",
        )  # fmt: skip
        _fill(booker, package)
        _link(booker, package, "Chrome on Windows")


def _gather(producer: Actor, house: Organization) -> None:
    twins = list(bookable(house).order_by("talent__stage_name", "pk"))
    if not Board.objects.filter(organization=house, kind=Board.Kind.SHORTLIST).exists():
        for twin in twins[:LISTED]:
            services.shortlist(by=producer, brand=house, twin=twin)
    if not Board.objects.filter(organization=house, kind=Board.Kind.BOARD).exists():
        board = services.create(
            by=producer, organization=house, name=BOARD, note="Undyed linen, a kitchen facing east, nothing staged."
        )
        _fill(producer, board)
        _link(producer, board, "Safari on iPhone")


def _fill(by: Actor, board: Board) -> None:
    chosen: list[Twin] = list(may_hold(board).order_by("-talent__stage_name", "pk")[:CHOSEN])
    services.add(by=by, board=board, twins=chosen)
    entries = Entry.objects.filter(board=board).select_related("board__organization")
    for entry, note in zip(entries, NOTES, strict=False):
        services.write_note(by=by, entry=entry, note=note)


def _link(by: Actor, board: Board, device: str) -> None:
    """Made, and opened once by somebody without an account."""
    made, _ = services.share(by=by, board=board, days=30)
    services.record_opening(share=made, device=device, organization=None)
