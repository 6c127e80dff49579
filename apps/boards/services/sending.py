"""A package for a brand is with it for as long as a link of it works."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from apps.boards.models import Board, Share
from apps.boards.news import tell_package
from apps.organizations.models import Organization


def received_by(brand: Organization) -> QuerySet[Board]:
    """The packages that agencies sent to this brand and that are open; the newest first."""
    works = _working().filter(board=OuterRef("pk"))
    rows = Board.objects.filter(Exists(works), kind=Board.Kind.PACKAGE, for_brand=brand)
    return rows.select_related("organization", "for_brand").order_by("-created_at", "pk")


def link_to(package: Board) -> Share | None:
    """The newest of its links that work."""
    rows = _working().filter(board=package).select_related("board__organization", "board__for_brand")
    return rows.order_by("-created_at", "pk").first()


def tell_brand(board: Board) -> None:
    """Once a package that is for a brand is open to it. Nothing for every other board, and for one without a link."""
    link = link_to(board) if board.for_brand_id else None
    if link is not None:
        tell_package(link)


def _working() -> QuerySet[Share]:
    return Share.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
