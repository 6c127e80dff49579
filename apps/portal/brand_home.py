"""What waits for a brand, and which of its licences end soon."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence
from apps.bookings.states import State
from apps.bookings.views.words import FOR_BRAND
from apps.organizations.models import Organization
from apps.portal import catalogue
from apps.portal.figures import Running, Spent, brand_spent, running
from apps.portal.licences import next_to_end
from apps.portal.pictures import thumbnail

NEXT_STEP = {
    State.DRAFT: ("Finish composing", "pen-line"),
    State.COUNTERED: ("A counter-offer waits", "message-square-quote"),
    State.AGREED: ("Agreed: pay to start", "credit-card"),
    State.IN_REVIEW: ("Pictures to choose", "images"),
}
UNDER_WAY = (State.SUBMITTED, State.PROPOSING, State.FUNDED, State.GENERATING, State.ON_HOLD)
MOST_SHOWN = 12
NEW_SHOWN = 4


@dataclass(frozen=True)
class Step:
    """A booking with what the brand does next."""

    booking: Booking
    line: str
    icon: str
    href: str
    thumb: str


@dataclass(frozen=True)
class BrandHome:
    steps: list[Step]
    under_way: list[Step]
    licences: list[tuple[Licence, str]]
    twins: list[catalogue.Card]
    spent: Spent
    running: Running


def brand_home(actor: Actor, brand: Organization) -> BrandHome:
    """Twelve queries, whatever the rows."""
    passed = Count("reviews", filter=Q(reviews__decision="passed"))
    bookings = (
        Booking.objects.visible_to(actor).select_related("twin__talent", "twin__chosen_cover").annotate(passed=passed)
    )
    mine = bookings.filter(
        Q(state__in=[State.DRAFT, State.COUNTERED, State.AGREED])
        | Q(state=State.IN_REVIEW, finished_at=None, passed__gt=0)
    )
    others = bookings.filter(
        Q(state__in=UNDER_WAY)
        | Q(state=State.IN_REVIEW, passed=0)
        | Q(state=State.IN_REVIEW, finished_at__isnull=False)
    )
    return BrandHome(
        steps=[_step(booking) for booking in _urgent_first(mine)],
        under_way=[_step(booking) for booking in _urgent_first(others)],
        licences=next_to_end(actor),
        twins=catalogue.newest(brand, NEW_SHOWN),
        spent=brand_spent(actor),
        running=running(actor),
    )


def _urgent_first(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    return bookings.order_by("deadline_at", "-created_at")[:MOST_SHOWN]


def _step(booking: Booking) -> Step:
    state = State(booking.state)
    line, icon = NEXT_STEP.get(state, (FOR_BRAND[state].headline, "hourglass"))
    if state == State.IN_REVIEW and not getattr(booking, "passed", 0):
        line, icon = "The model looks at the pictures", "hourglass"
    if state == State.IN_REVIEW and booking.finished_at:
        line, icon = "Being labelled and signed", "hourglass"
    page = {State.DRAFT: "booking_compose", State.COUNTERED: "counter", State.IN_REVIEW: "select"}.get(state, "booking")
    return Step(booking, line, icon, reverse(page, args=[booking.pk]), thumbnail(booking.twin.cover))
