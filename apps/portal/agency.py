"""The agency's desk, a queue by deadline."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.bookings.models import Booking, Licence
from apps.bookings.states import State
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.vocabulary import Category
from apps.organizations.models import Absence
from apps.portal.figures import Earned, Running, earned, running, total
from apps.portal.licences import next_to_end
from apps.portal.pictures import thumbnail
from apps.portal.shares import in_force, received_by, terms_of

PER_PAGE = 50
OTHERS_TURN = (State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED)
BEING_MADE = (State.FUNDED, State.GENERATING, State.IN_REVIEW, State.ON_HOLD)


@dataclass(frozen=True)
class View:
    """One saved view: a tab with a count."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Row:
    booking: Booking
    category: str
    fee: Money | None
    ours: Money | None
    thumb: str


@dataclass(frozen=True)
class Desk:
    views: list[View]
    view: str
    page: Page[Any]
    rows: list[Row]
    asked: Money | None
    earned: Earned
    running: Running
    licences: list[tuple[Licence, str]]


DESK_VIEWS = {
    "waiting": "Waiting for us",
    "others": "Waiting for others",
    "made": "Being made",
    "delivered": "Delivered",
}


def desk(actor: Actor, *, view: str, name: str, page_number: str) -> Desk:
    """One tab of the desk, most urgent first. Fourteen queries at any size, and one
    more for each colleague for whom she stands in; `asked` is what yeses would bring."""
    tabs, labels = _tabs(actor), dict(DESK_VIEWS)
    for key, colleague in _stood_in_for(actor).items():
        hers = Booking.objects.visible_to(actor).filter(booker=colleague, state__in=[*OTHERS_TURN, *BEING_MADE])
        tabs[key], labels[key] = hers.order_by("deadline_at"), f"For {colleague}"
    view = view if view in tabs else "waiting"
    bookings = tabs[view]
    if name:
        bookings = bookings.filter(
            Q(twin__talent__stage_name__icontains=name) | Q(brand__name__icontains=name) | Q(code__iexact=name)
        )
    shown = bookings.select_related("brand", "twin__talent", "twin__chosen_cover").prefetch_related("looks", in_force())
    page = Paginator(shown, PER_PAGE).get_page(page_number)
    rows = [_row(booking, actor) for booking in page.object_list]
    return Desk(
        views=[View(key, label, tabs[key].count()) for key, label in labels.items()],
        view=view,
        page=page,
        rows=rows,
        asked=total(row.ours for row in rows) if view == "waiting" else None,
        earned=earned(actor),
        running=running(actor),
        licences=next_to_end(actor),
    )


def _stood_in_for(actor: Actor) -> dict[str, User]:
    """The colleagues who are away today and for whom this person stands in, by the key of their view."""
    away = Absence.objects.on(timezone.now().date()).filter(
        organization=parse_ref(actor.party, "org"), deputy=actor.user_id
    )
    return {f"for-{row.user_id}": row.user for row in away.select_related("user")}


def _tabs(actor: Actor) -> dict[str, QuerySet[Booking]]:
    ours = Booking.objects.visible_to(actor)
    waiting = Booking.objects.waiting_for_answer_of(actor)
    return {
        "waiting": waiting,
        "others": ours.filter(state__in=OTHERS_TURN).exclude(pk__in=waiting.values("pk")).order_by("deadline_at"),
        "made": ours.filter(state__in=BEING_MADE).order_by("deadline_at", "submitted_at"),
        "delivered": ours.filter(state=State.DELIVERED).order_by("-delivered_at"),
    }


def _row(booking: Booking, actor: Actor) -> Row:
    terms = terms_of(booking)
    return Row(
        booking=booking,
        category=str(Category(booking.category).label),
        fee=Money(terms.fee_minor, terms.currency) if terms else None,
        ours=received_by(terms, [actor.party]),
        thumb=thumbnail(booking.twin.cover),
    )
