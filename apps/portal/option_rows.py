"""Options as each side reads them: a brand its own rank, agency and model all on the model, with the brands' names."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Page, Paginator

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.bookings.states import State as BookingState
from apps.common.refs import parse_ref
from apps.options.guards import is_about
from apps.options.machine import right_of
from apps.options.models import GrantRule, Option
from apps.options.states import LIVE, OPEN, State
from apps.talent.models import Talent

PER_PAGE, MOST_DRAFTS = 50, 100
RULES_SHOWN = 50
OVER_SHOWN = 20


@dataclass(frozen=True)
class OptionRow:
    """`acts` are the buttons; `drafts` what a brand behind could challenge with; `challenges_until` when the challenge
    that it made is over."""

    option: Option
    rank: int | None
    acts: frozenset[str]
    drafts: list[Booking] = field(default_factory=list)
    challenges_until: datetime | None = None

    @property
    def behind(self) -> bool:
        return self.rank is not None and self.rank > 1


@dataclass(frozen=True)
class OptionPage:
    """`open` is one page of them."""

    pages: Page[Option]
    open: list[OptionRow]
    over: list[Option]
    at_once: list[Talent]

    @property
    def any(self) -> bool:
        return bool(self.open or self.over)


def option_page(actor: Actor, *, page_number: str, name: str) -> OptionPage:
    """Six queries, whatever the rows. `name` is a part of the names of models with a rule that are shown."""
    mine = Option.objects.visible_to(actor).with_parties()
    pages = Paginator(mine.open().ranked().newest_first(), PER_PAGE).get_page(page_number)
    found = list(pages)
    rules = GrantRule.objects.filter(party=actor.party, talent__stage_name__icontains=name).select_related("talent")
    drafts = _drafts(actor, found) if actor.kind == "brand" else []
    runs = dict(
        Option.objects.filter(state=State.CHALLENGED, challenger__in=found).values_list(
            "challenger", "challenged_until"
        )
    )
    return OptionPage(
        pages=pages,
        open=[_row(actor, option, drafts, runs.get(option.pk)) for option in found],
        over=list(mine.exclude(state__in=OPEN).order_by("-expires_at")[:OVER_SHOWN]),
        at_once=[rule.talent for rule in rules.order_by("talent__stage_name", "pk")[:RULES_SHOWN]],
    )


def _drafts(actor: Actor, options: list[Option]) -> list[Booking]:
    wanted = {option.twin_id for option in options}
    own = Booking.objects.filter(brand=parse_ref(actor.party, "org"), state=BookingState.DRAFT, twin__in=wanted)
    return list(own.select_related("twin").order_by("-created_at")[:MOST_DRAFTS])


def _row(actor: Actor, option: Option, drafts: list[Booking], challenges_until: datetime | None) -> OptionRow:
    rank = option.rank if option.state in LIVE else None  # type: ignore[attr-defined]
    fitting = [booking for booking in drafts if is_about(booking, option)] if rank and rank > 1 else []
    return OptionRow(option, rank, _acts(actor, option), fitting, challenges_until)


def _acts(actor: Actor, option: Option) -> frozenset[str]:
    if not actor.can(right_of(actor)):
        return frozenset()
    if actor.kind != "brand":
        asked = option.state == State.ASKED and actor.party == option.decider
        return frozenset({"grant", "refuse"} if asked else ())
    renewable = option.state == State.HELD and option.renewed_at is None
    return frozenset({"withdraw", "challenge", *({"renew"} if renewable else ())})
