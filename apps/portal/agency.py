"""The agency's desk, a queue by deadline, and its roster."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence
from apps.bookings.states import TERMINAL, State
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.vocabulary import Category
from apps.consents.models import Consent, Purpose
from apps.portal.figures import ENDS_SOON, Earned, Running, earned, running, total
from apps.portal.licences import next_to_end
from apps.portal.pictures import thumbnail
from apps.portal.shares import in_force, received_by, terms_of
from apps.talent.models import Mandate, Talent

PER_PAGE = 50
OTHERS_TURN = (State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED)
BEING_MADE = (State.FUNDED, State.GENERATING, State.IN_REVIEW, State.ON_HOLD)
RENEWAL_DUE = timedelta(days=90)


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
    """One tab of the desk, most urgent first. Fourteen queries at any size; `asked` is what yeses would bring."""
    view = view if view in DESK_VIEWS else "waiting"
    tabs = _tabs(actor)
    bookings = tabs[view]
    if name:
        bookings = bookings.filter(
            Q(twin__talent__stage_name__icontains=name) | Q(brand__name__icontains=name) | Q(code__iexact=name)
        )
    shown = bookings.select_related("brand", "twin__talent", "twin__chosen_cover").prefetch_related("looks", in_force())
    page = Paginator(shown, PER_PAGE).get_page(page_number)
    rows = [_row(booking, actor) for booking in page.object_list]
    return Desk(
        views=[View(key, label, tabs[key].count()) for key, label in DESK_VIEWS.items()],
        view=view,
        page=page,
        rows=rows,
        asked=total(row.ours for row in rows) if view == "waiting" else None,
        earned=earned(actor),
        running=running(actor),
        licences=next_to_end(actor),
    )


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


ROSTER_VIEWS = {
    "all": "All",
    "waiting": "Waiting for an answer",
    "ending": "Licence ends in 30 days",
    "mandate": "Mandate ends in 90 days",
    "paused": "Paused",
}


@dataclass(frozen=True)
class Model:
    talent: Talent
    mandate: Mandate
    thumb: str


@dataclass(frozen=True)
class Roster:
    views: list[View]
    view: str
    page: Page[Any]
    models: list[Model]


def roster(actor: Actor, *, view: str, name: str, page_number: str) -> Roster:
    """The models under a running mandate with this agency. Eight queries, whatever the rows."""
    view = view if view in ROSTER_VIEWS else "all"
    everybody = _represented(actor)
    filters = _roster_filters()
    chosen = everybody.filter(filters[view]).select_related("twin__chosen_cover").order_by("stage_name", "pk")
    if name:
        chosen = chosen.filter(stage_name__icontains=name)
    page = Paginator(chosen, PER_PAGE).get_page(page_number)
    return Roster(
        views=[View(key, label, everybody.filter(filters[key]).count()) for key, label in ROSTER_VIEWS.items()],
        view=view,
        page=page,
        models=[_model(talent) for talent in page.object_list],
    )


def _represented(actor: Actor) -> QuerySet[Talent]:
    agency = parse_ref(actor.party, "org")
    today = timezone.now().date()
    mandates = Mandate.objects.filter(agency=agency).running_on(today)
    bookings = Booking.objects.filter(agency=agency, twin__talent=OuterRef("pk"))
    licences = Licence.objects.filter(twin__talent=OuterRef("pk"), booking__agency=agency, state=Licence.State.ACTIVE)
    published = Consent.objects.in_force().filter(talent=OuterRef("pk"), purpose=Purpose.PUBLISH)
    return (
        Talent.objects.filter(pk__in=mandates.values("talent"))
        .annotate(
            waiting=_count(Booking.objects.waiting_for_answer_of(actor).filter(twin__talent=OuterRef("pk"))),
            going_on=_count(bookings.exclude(state__in=[*TERMINAL, State.DRAFT])),
            live=_count(licences),
            next_end=Subquery(licences.order_by().values("twin__talent").annotate(d=Min("ends_on")).values("d")),
            consent_until=Subquery(published.order_by().values("talent").annotate(d=Max("ends_at")).values("d")),
            mandate_ends=Subquery(mandates.filter(talent=OuterRef("pk")).order_by("-ends_on").values("ends_on")[:1]),
        )
        .prefetch_related(Prefetch("mandates", queryset=mandates.order_by("-ends_on"), to_attr="ours"))
    )


def _roster_filters() -> dict[str, Q]:
    today = timezone.now().date()
    return {
        "all": Q(),
        "waiting": Q(waiting__gt=0),
        "ending": Q(next_end__lte=today + ENDS_SOON),
        "mandate": Q(mandate_ends__lte=today + RENEWAL_DUE),
        "paused": Q(twin__state="paused"),
    }


def _count(rows: QuerySet[Any]) -> Coalesce:
    path = "twin__talent"
    counted = rows.order_by().values(path).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _model(talent: Talent) -> Model:
    ours: list[Mandate] = getattr(talent, "ours", [])
    twin = getattr(talent, "twin", None)
    return Model(talent=talent, mandate=ours[0], thumb=thumbnail(twin.cover) if twin else "")
