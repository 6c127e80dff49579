"""A board behind a link: for anybody who holds it, and for a brand that takes a package over."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.boards import services
from apps.boards.models import Board, Share
from apps.boards.policies import curates
from apps.bookings.views.scope import refused
from apps.common.devices import device
from apps.common.errors import DomainError
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.portal import boards as pages
from apps.portal.access import actor_of
from apps.portal.limits import too_often
from apps.portal.middleware import PortalRequest
from apps.portal.views.brand import brand_of

OPENED_PER_MINUTE = 30


@never_cache
@require_safe
def shared(request: PortalRequest, secret: str) -> HttpResponse:
    """The same 404 for a link that was never made, is over or was taken back."""
    if too_often(request, what="shared", per_minute=OPENED_PER_MINUTE):
        return render(request, "portal/too_often.html", status=429)
    link = services.link_of(secret)
    if link is None:
        raise Http404
    viewer = _viewer(request)
    if request.method == "GET":
        agent = request.headers.get("User-Agent", "")
        services.record_opening(share=link, device=device(agent), organization=viewer)
    return _page(request, link.board, reverse("shared_take", args=[secret]), viewer, 200)


@require_POST
@acting_as("brand", permission="view")
def shared_take(request: PortalRequest, secret: str) -> HttpResponse:
    link, brand = services.link_of(secret), brand_of(request)
    if link is None:
        raise Http404
    return _take(request, link, brand, reverse("shared_take", args=[secret]))


@never_cache
@require_safe
@acting_as("brand", permission="view")
def package(request: PortalRequest, pk: UUID) -> HttpResponse:
    """A package that an agency sent to this brand: the page of its link, without the secret. 404 once no link works."""
    brand = brand_of(request)
    link = _link_of_package(brand, pk)
    if request.method == "GET":
        agent = request.headers.get("User-Agent", "")
        services.record_opening(share=link, device=device(agent), organization=brand)
    return _page(request, link.board, reverse("package_take", args=[pk]), brand, 200)


@require_POST
@acting_as("brand", permission="view")
def package_take(request: PortalRequest, pk: UUID) -> HttpResponse:
    brand = brand_of(request)
    return _take(request, _link_of_package(brand, pk), brand, reverse("package_take", args=[pk]))


def _link_of_package(brand: Organization, pk: UUID) -> Share:
    link = services.link_to(get_object_or_404(services.received_by(brand), pk=pk))
    if link is None:
        raise Http404
    return link


def _take(request: PortalRequest, link: Share, brand: Organization, take: str) -> HttpResponse:
    try:
        board = services.take_over(by=actor_of(request), share=link, brand=brand)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, link.board, take, brand, status))  # type: ignore[arg-type]
    messages.success(request, "The package is a board of yours now. It stays when the link ends.")
    return redirect("board", board.pk)


def _page(request: PortalRequest, board: Board, take: str, viewer: Organization | None, status: int) -> HttpResponse:
    """`take` is where a press that takes it over leads."""
    twins, hidden = pages.shared_twins(board, viewer=viewer)
    is_brand = viewer is not None and viewer.kind == Organization.Kind.BRAND
    meant = board.is_package and board.for_brand_id in (None, viewer.pk if viewer else None)
    context = {
        "board": board,
        "twins": twins,
        "hidden": hidden,
        "take": take,
        "may_take": meant and is_brand and viewer is not None and curates(actor_of(request), viewer),
        "may_sign_in": board.is_package and not request.user.is_authenticated,
    }
    answer = render(request, "portal/shared.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _viewer(request: PortalRequest) -> Organization | None:
    if request.actor is None or request.actor.kind not in ("brand", "agency"):
        return None
    return get_object_or_404(Organization, pk=parse_ref(request.actor.party, "org"))
