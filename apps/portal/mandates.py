"""Mandates as each side sees them: what waits, what holds, what is over, and what an end would touch."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence
from apps.bookings.states import TERMINAL, State
from apps.common.refs import parse_ref
from apps.talent.models import Mandate, MandateProposal, Talent

PER_PAGE = 50
CLOSED = (*TERMINAL, State.DELIVERED, State.DRAFT)


@dataclass(frozen=True)
class Touched:
    """What an end reaches: bookings under way can have no more pictures made; licences and their royalties go on."""

    bookings: list[Booking]
    licences: list[Licence]


@dataclass(frozen=True)
class HerMandates:
    waiting: list[MandateProposal]
    running: list[Mandate]
    over: list[Mandate]


@dataclass(frozen=True)
class AgencyMandates:
    view: str
    views: list[tuple[str, str, int]]
    page: Page[Any]
    name: str
    model: str


VIEWS = {"running": "Running", "waiting": "Waits for her", "ending": "Ends in 90 days", "answered": "Not signed",
         "over": "Over"}  # fmt: skip
ENDS_IN_DAYS = 90


def her_mandates(actor: Actor) -> HerMandates:
    """Two queries. `waiting` are proposals, and signed mandates whose second question she has not answered."""
    talent = parse_ref(actor.party, "talent")
    today = timezone.now().date()
    asked = Q(state=MandateProposal.State.WAITING) | _twins_wait()
    proposals = MandateProposal.objects.filter(asked, talent=talent).select_related("agency", "mandate")
    mandates = Mandate.objects.filter(talent=talent).select_related("agency", "proposal__signature")
    mandates = mandates.order_by("-ends_on", "pk")
    return HerMandates(
        waiting=[proposal for proposal in proposals if _open_still(proposal, today)],
        running=[mandate for mandate in mandates if mandate.last_day >= today],
        over=[mandate for mandate in mandates if mandate.last_day < today],
    )


def agency_mandates(actor: Actor, *, view: str, name: str, model: str, page_number: str) -> AgencyMandates:
    """One tab. Seven queries at any size. `model` is the slug of one model, `name` a part of hers."""
    view = view if view in VIEWS else "running"
    agency = parse_ref(actor.party, "org")
    tabs = {key: _of_model(rows, name, model) for key, rows in _tabs(agency).items()}
    shown = tabs[view].select_related("talent", *_PROPOSAL_OF.get(view, ("mandate",)))
    return AgencyMandates(
        view=view,
        views=[(key, label, tabs[key].count()) for key, label in VIEWS.items()],
        page=Paginator(shown, PER_PAGE).get_page(page_number),
        name=name,
        model=model,
    )


_PROPOSAL_OF = dict.fromkeys(("running", "ending", "over"), ("proposal__signature",))


def touched_by_end(mandate: Mandate) -> Touched:
    """Two queries."""
    theirs = {"twin__talent": mandate.talent_id}
    bookings = Booking.objects.filter(agency=mandate.agency_id, **theirs).exclude(state__in=CLOSED)
    licences = Licence.objects.filter(booking__agency=mandate.agency_id, state=Licence.State.ACTIVE, **theirs)
    return Touched(
        bookings=list(bookings.select_related("brand")) if mandate.covers_twins else [],
        licences=list(licences.select_related("brand", "booking").order_by("ends_on")),
    )


def known_to(actor: Actor) -> QuerySet[Talent]:
    """The models that this agency has to do with: on its roster with an account, or ever under its mandate."""
    agency = parse_ref(actor.party, "org")
    rows = Talent.objects.filter(Q(roster_entries__agency=agency) | Q(mandates__agency=agency))
    return rows.distinct().order_by("stage_name", "pk")


def _tabs(agency: UUID) -> dict[str, QuerySet[Any]]:
    today = timezone.now().date()
    mandates = Mandate.objects.filter(agency=agency)
    proposals = MandateProposal.objects.filter(agency=agency)
    over = Q(ends_on__lt=today) | Q(ended_on__lte=today)
    soon = date.fromordinal(today.toordinal() + ENDS_IN_DAYS)
    alive = mandates.exclude(over)
    answered = Q(state__in=[MandateProposal.State.REFUSED, MandateProposal.State.TAKEN_BACK])
    return {
        "running": alive.order_by("talent__stage_name", "pk"),
        "waiting": proposals.filter(Q(state=MandateProposal.State.WAITING) | _twins_wait()).order_by("created_at"),
        "ending": alive.filter(Q(ends_on__lte=soon) | Q(ended_on__isnull=False)).order_by("ends_on", "pk"),
        "answered": proposals.filter(answered).order_by("-answered_at"),
        "over": mandates.filter(over).order_by("-ends_on", "pk"),
    }


def _of_model(rows: QuerySet[Any], name: str, model: str) -> QuerySet[Any]:
    if model:
        rows = rows.filter(talent__slug=model)
    return rows.filter(talent__stage_name__icontains=name) if name else rows


def _twins_wait() -> Q:
    return Q(state=MandateProposal.State.SIGNED, covers_twins=True, twins_answered_at=None, mandate__ended_on=None)


def _open_still(proposal: MandateProposal, today: date) -> bool:
    return proposal.ends_on >= today
