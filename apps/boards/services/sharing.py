"""Links to a board for people without an account, and taking a package over."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.boards.cleared import bookable
from apps.boards.models import Board, Entry, Opening, Share
from apps.boards.policies import require_curator, require_keeper_of
from apps.boards.services.gathering import MOST_ENTRIES, may_hold
from apps.boards.services.sending import tell_brand
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.media.tasks import make_shared
from apps.organizations.models import Organization

LIFETIMES = {3: "3 days", 14: "14 days", 30: "30 days"}
MOST_LINKS = 20


@transaction.atomic
def share(*, by: Actor, board: Board, days: int) -> tuple[Share, str]:
    """A link and its secret, which is told this once. Entry: a board or package of a checked organisation.

    A package for a brand is sent to it with its first link: the brand is told, and opens it without the secret for as
    long as a link works.

    Raises NotAllowed, InvalidInput(field="days"), Refused for a shortlist, an unchecked organisation, too many links.
    """
    require_keeper_of(by, board)
    if days not in LIFETIMES:
        raise InvalidInput("Choose how long the link shall work.", field="days")
    if board.kind == Board.Kind.SHORTLIST:
        raise Refused("A shortlist is your own. Make a board of it and share that.")
    if board.organization.checked_at is None:
        raise Refused("Links can be made once Double has checked you.")
    now = timezone.now()
    works = board.shares.filter(revoked_at=None, expires_at__gt=now).count()
    if works >= MOST_LINKS:
        raise Refused(f"{MOST_LINKS} links are open. Take one back first.")
    secret = secrets.token_urlsafe(32)
    made = Share.objects.create(
        board=board, secret_sha256=_digest(secret), made_by_id=by.user_id, expires_at=now + timedelta(days=days)
    )
    covers = [str(pk) for pk in may_hold(board).filter(pk__in=board.entries.values("twin")).values_list(
        "chosen_cover", flat=True
    ) if pk]  # fmt: skip
    transaction.on_commit(lambda: [make_shared.delay(pk) for pk in covers])
    if not works:
        tell_brand(board)
    record(kind="board.shared", subject=board.ref, by=by.label, payload={"share": made.ref, "days": days})
    return made, secret


@transaction.atomic
def revoke(*, by: Actor, share: Share) -> None:
    """The link stops at once. Raises NotAllowed, StaleState when it had stopped."""
    require_keeper_of(by, share.board)
    now = timezone.now()
    alive = Share.objects.filter(pk=share.pk, revoked_at=None, expires_at__gt=now)
    if not alive.update(revoked_at=now):
        raise StaleState("This link does not work any more.")
    record(kind="board.share_revoked", subject=share.board.ref, by=by.label, payload={"share": share.ref})


def link_of(secret: str) -> Share | None:
    """The living link behind a secret. None for every other text, without saying why."""
    rows = Share.objects.filter(secret_sha256=_digest(secret), revoked_at=None, expires_at__gt=timezone.now())
    return rows.select_related("board__organization", "board__for_brand").first()


def record_opening(*, share: Share, device: str, organization: Organization | None) -> None:
    """Seen by whoever made the link. Nothing of the board's own people looking at their own link is kept."""
    if organization is None or organization.pk != share.board.organization_id:
        Opening.objects.create(share=share, device=device[:60], organization=organization)


@transaction.atomic
def take_over(*, by: Actor, share: Share, brand: Organization) -> Board:
    """A board of the brand's own with those of the package's twins that it may book, and the agency's notes.

    A second time it answers the board that there is. Raises NotAllowed for another brand than the one it is for,
    StaleState for a link that stopped, Refused where nothing of it may be booked.
    """
    require_curator(by, brand)
    package = Board.objects.select_for_update(of=("self",)).select_related("organization").get(pk=share.board_id)
    alive = Share.objects.filter(pk=share.pk, revoked_at=None, expires_at__gt=timezone.now())
    if not package.is_package or not alive.exists():
        raise StaleState("This package is not open any more. Ask the agency for a new link.")
    if package.for_brand_id not in (None, brand.pk):
        raise NotAllowed("This package was made for somebody else.")
    taken = Board.objects.filter(organization=brand, taken_from=package).first()
    if taken is not None:
        return taken
    notes = dict(package.entries.values_list("twin_id", "note"))
    held = may_hold(package).filter(pk__in=notes).values("pk")
    fit = list(bookable(brand).filter(pk__in=held).order_by("talent__stage_name").values_list("pk", flat=True))
    if not fit:
        raise Refused("None of these twins is available for your brand now.")
    board = Board.objects.create(
        organization=brand, kind=Board.Kind.BOARD, name=package.name, note=package.note, made_by_id=by.user_id,
        taken_from=package,
    )  # fmt: skip
    Entry.objects.bulk_create(Entry(board=board, twin_id=pk, note=notes[pk]) for pk in fit[:MOST_ENTRIES])
    record(kind="board.taken_over", subject=board.ref, by=by.label, payload={"package": package.ref})
    return board


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
