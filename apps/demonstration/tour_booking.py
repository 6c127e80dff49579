"""The one real booking of a tour: found again by the visitor's cookie, made fresh at each start."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.bookings.models import Booking
from apps.bookings.services import compose
from apps.bookings.states import State
from apps.common.errors import DomainError, Refused
from apps.demonstration.models import Tour
from apps.demonstration.people import actor_of, user_of
from apps.demonstration.tour_stories import STORIES, Story
from apps.twins.models import Twin

COOKIE = "tour"
LASTS = 30 * 24 * 3600  # seconds


def start(key: str) -> Tour:
    """A new tour, with a request sent in its name where its story begins with one. Raises Refused when no twin of the
    story can be asked for now."""
    story = STORIES[key]
    booking = _request(story) if story.twins else None
    return Tour.objects.create(story=key, booking=booking)


def tour_of(request: HttpRequest) -> Tour | None:
    """The tour of this browser. A signed cookie: it outlives the changes of account that a tour is made of."""
    key = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=LASTS)
    if not key:
        return None
    try:
        return Tour.objects.select_related(
            "booking__brand", "booking__agency", "booking__twin__talent"
        ).filter(pk=key).first()  # fmt: skip
    except ValidationError:
        return None


def remember(response: HttpResponse, tour: Tour) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(tour.pk),
        salt=COOKIE,
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def follow(tour: Tour, request: HttpRequest) -> None:
    """Take the draft that the visitor has just begun as the tour's booking, where she chooses the twin herself.

    Called with every page: the first page of a booking of hers, begun after the start, is the one. A draft that she
    discarded is let go.
    """
    if STORIES[tour.story].twins:
        return
    if tour.booking and tour.booking.state == State.CANCELLED and not tour.booking.submitted_at:
        tour.booking = None
        tour.save(update_fields=["booking"])
    match = request.resolver_match
    if tour.booking or match is None or match.url_name != "booking_compose":
        return
    tour.booking = (
        Booking.objects.with_parties()
        .filter(pk=match.kwargs["pk"], composer=request.user.pk, created_at__gte=tour.created_at)
        .first()
    )
    if tour.booking:
        tour.save(update_fields=["booking"])


def leave(tour: Tour) -> None:
    tour.left_at = timezone.now()
    tour.save(update_fields=["left_at"])


def resume(tour: Tour) -> None:
    tour.left_at = None
    tour.save(update_fields=["left_at"])


def draft(*, brand: str, twin: Twin, title: str, looks: tuple[tuple[str, str, str], ...], **fields: object) -> Booking:
    """A draft of this brand of the programme with one picture a look, e-commerce in its own country for six months."""
    by = actor_of(user_of(brand))
    booking = compose.start_draft(by=by, twin=twin)
    booking = compose.update_draft(by=by, booking=booking, **{"title": title, "window_months": 6} | fields)
    for name, scene, brief in looks:
        compose.save_look(by=by, booking=booking, title=name, scene=scene, brief=brief, pictures=1)
    return booking


def _request(story: Story) -> Booking:
    """Sent to the first twin that is free: an earlier visitor may have paused one, or barred this brand."""
    by = actor_of(user_of(story.brand))
    told = "The demonstration is not loaded yet."
    for twin in _free_first(story.twins):
        try:
            with transaction.atomic():
                asked = draft(brand=story.brand, twin=twin, title=story.booking_title, looks=story.looks)
                return compose.submit(by=by, booking=asked)
        except DomainError as error:
            told = error.message
    raise Refused(told)


def _free_first(slugs: tuple[str, ...]) -> list[Twin]:
    twins = Twin.objects.filter(talent__slug__in=slugs, state=Twin.State.LISTED).select_related("talent")
    return sorted(twins, key=lambda twin: slugs.index(twin.talent.slug))
