"""Programmes as their organisation sees them, and a place as the invited model does."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.pricing.amounts import Amounts
from apps.programmes.models import Order, Place, Programme
from apps.programmes.policies import keeps, pays
from apps.programmes.services import Asked
from apps.programmes.stages import STAGES, Stage, with_stages
from apps.programmes.terms import price_of
from apps.roster.models import RosterEntry
from apps.talent.models import Mandate, Talent
from apps.twins.models import TwinVersion

PER_PAGE = 50
MOST_OFFERED = 500  # people shown at once to be ticked; a longer roster is searched


@dataclass(frozen=True)
class Row:
    """One programme in the list: how many places are taken, and how many of these are bookable."""

    programme: Programme
    asked: int
    taken: int
    bookable: int


@dataclass(frozen=True)
class Step:
    """One stage of the board with the places that stand at it. `width` is its part of all places, per cent."""

    stage: Stage
    count: int
    chosen: bool


@dataclass(frozen=True)
class Line:
    place: Place
    stage: Stage
    reached: int
    money: str

    @property
    def marks(self) -> list[bool]:
        """For each stage whether she has reached it."""
        return [index <= self.reached for index in range(len(STAGES))]


@dataclass(frozen=True)
class MoneyBox:
    """What the making costs: `waiting` is the order that is asked for next, amounts with VAT."""

    each: Amounts
    waiting: Money | None
    waiting_places: int
    paid: Money
    earned: Money
    refunded: Money


@dataclass(frozen=True)
class Board:
    programme: Programme
    steps: list[Step]
    view: str
    over: int
    page: Page[Any]
    lines: list[Line]
    money: MoneyBox
    runs: bool
    may_keep: bool
    may_pay: bool
    arriving: bool


def programmes_of(actor: Actor) -> QuerySet[Programme]:
    """Those of the organisation that acts."""
    return Programme.objects.filter(organization=parse_ref(actor.party, "org")).select_related("organization")


def programme_rows(actor: Actor, page_number: str) -> tuple[Page[Any], list[Row]]:
    """One page, newest first. Three queries, whatever the rows."""
    page = Paginator(programmes_of(actor), PER_PAGE).get_page(page_number)
    shown = list(page.object_list)
    stages = with_stages(Place.objects.filter(programme__in=shown, state__in=Place.TAKEN)).order_by()
    reached = {
        row["programme"]: (row["bookable"], row["taken"])
        for row in stages.values("programme").annotate(
            bookable=Count("pk", filter=Q(stage=len(STAGES) - 1)), taken=Count("pk")
        )
    }
    asked = dict(Place.objects.filter(programme__in=shown).order_by().values_list("programme").annotate(n=Count("pk")))
    rows = [Row(one, asked.get(one.pk, 0), *reversed(reached.get(one.pk, (0, 0)))) for one in shown]
    return page, rows


def board(actor: Actor, programme: Programme, *, view: str, page_number: str, arriving: bool) -> Board:
    """One programme, place by place. Ten queries, whatever the rows. `view` is a stage's key, "over" or empty."""
    places = programme.places.filter(state__in=(*Place.OPEN, Place.State.EARNED))
    counts = dict(with_stages(places).order_by().values_list("stage").annotate(n=Count("pk")))
    over = programme.places.exclude(pk__in=places.values("pk"))
    index = next((number for number, stage in enumerate(STAGES) if stage.key == view), None)
    if view == "over":
        shown = with_stages(over)
    else:
        shown = with_stages(places) if index is None else with_stages(places).filter(stage=index)
    page = Paginator(shown.select_related("talent", "order", "programme").order_by("name", "pk"), PER_PAGE).get_page(
        page_number
    )
    box = _money(programme)
    return Board(
        programme=programme,
        steps=[Step(stage, counts.get(number, 0), number == index) for number, stage in enumerate(STAGES)],
        view=view if view == "over" or index is not None else "",
        over=over.count(),
        page=page,
        lines=[_line(place) for place in page.object_list],
        money=box,
        runs=programme.runs_on(timezone.now().date()),
        may_keep=keeps(actor, programme.organization),
        may_pay=pays(actor, programme.organization),
        arriving=arriving and box.waiting is not None,
    )


def people_to_ask(programme: Programme, name: str) -> list[tuple[Asked, bool]]:
    """Whom an agency can ask: on its roster or under its mandate, without an approved twin and without a place here.

    Each with whether she has joined. Two queries; at most MOST_OFFERED.
    """
    agency = programme.organization_id
    placed = programme.places.values("email")
    made = TwinVersion.objects.filter(twin__talent=OuterRef("talent"), state=TwinVersion.State.APPROVED)
    entries = RosterEntry.objects.filter(~Exists(made), agency=agency).exclude(email__in=placed)
    today = timezone.now().date()
    listed = RosterEntry.objects.filter(agency=agency, talent=OuterRef("pk"))
    hers = TwinVersion.objects.filter(twin__talent=OuterRef("pk"), state=TwinVersion.State.APPROVED)
    mandated = Mandate.objects.running_on(today).filter(agency=agency, talent=OuterRef("pk"))
    others = Talent.objects.filter(Exists(mandated), ~Exists(listed), ~Exists(hers), user__isnull=False)
    others = others.exclude(user__email__in=placed)
    if name:
        entries = entries.filter(
            Q(first_name__icontains=name) | Q(last_name__icontains=name) | Q(email__icontains=name)
        )
        others = others.filter(Q(stage_name__icontains=name) | Q(user__email__icontains=name))
    found = [(Asked(entry.email, str(entry)), entry.talent_id is not None) for entry in entries[:MOST_OFFERED]]
    found += [
        (Asked(talent.user.email.lower(), talent.stage_name), True)
        for talent in others.select_related("user")[:MOST_OFFERED]
        if talent.user
    ]
    return sorted(found, key=lambda pair: pair[0].name)[:MOST_OFFERED]


def places_of(user: User) -> QuerySet[Place]:
    """Every place that asks this person, or that she took: by her proved addresses. An outsider's are nowhere in it."""
    mine = Q(email__in=verified_addresses(user), state=Place.State.INVITED) | Q(talent__user=user)
    return Place.objects.filter(mine).select_related("programme__organization", "talent", "order")


def _line(place: Any) -> Line:
    return Line(place, STAGES[place.stage], place.stage, _money_word(place))


def _money_word(place: Place) -> str:
    if place.state == Place.State.EARNED:
        return "Paid and earned"
    if place.order is None:
        return "To be paid" if place.state == Place.State.ACCEPTED else ""
    if place.order.paid_at is None:
        return "Payment asked"
    return "Paid, held for her" if place.state == Place.State.ACCEPTED else "Refunded"


def _money(programme: Programme) -> MoneyBox:
    """Three queries, whatever the rows. Sums with VAT, in the programme's currency."""
    today = timezone.now().date()
    total = Cast(KT("amounts__total_minor"), BigIntegerField())
    accepted, paid = Q(state=Place.State.ACCEPTED), Q(order__paid_at__isnull=False)
    sums = programme.places.exclude(amounts=None).aggregate(
        unordered=Count("pk", filter=accepted & Q(order=None)),
        waiting=Sum(total, filter=accepted & Q(order=None), default=0),
        held=Sum(total, filter=accepted & paid, default=0),
        earned=Sum(total, filter=Q(state=Place.State.EARNED), default=0),
        refunded=Sum(total, filter=Q(state__in=[Place.State.LEFT, Place.State.ENDED]) & paid, default=0),
    )
    order = Order.objects.filter(programme=programme, paid_at=None).annotate(n=Count("places")).first()
    waiting, number = (order.total_minor, order.n) if order else (sums["waiting"], sums["unordered"])
    currency = programme.currency
    return MoneyBox(
        each=price_of(programme, represented=False, on=today),
        waiting=Money(waiting, currency) if number else None,
        waiting_places=number,
        paid=Money(sums["held"], currency),
        earned=Money(sums["earned"], currency),
        refunded=Money(sums["refunded"], currency),
    )
