"""What the pages show of a booking, read in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.bookings.models import Approval, Booking, Terms
from apps.bookings.states import State
from apps.common.refs import PLATFORM, parse_ref
from apps.organizations.models import Organization
from apps.royalties.split import Share
from apps.talent.models import Talent

STAGES: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("Composed", "draft", frozenset({State.DRAFT})),
    ("Answers", "submit", frozenset({State.SUBMITTED, State.PROPOSING, State.COUNTERED})),
    ("Agreed", "agree", frozenset({State.AGREED})),
    ("Paid", "fund", frozenset({State.FUNDED})),
    ("Made", "start_making", frozenset({State.GENERATING})),
    ("Checked and chosen", "open_review", frozenset({State.IN_REVIEW, State.ON_HOLD})),
    ("Delivered", "deliver", frozenset({State.DELIVERED})),
)


MAKING = ("start_making", "open_review")  # a renewal makes no picture


@dataclass(frozen=True)
class Stage:
    label: str
    at: datetime | None
    current: bool


@dataclass(frozen=True)
class NamedShare:
    name: str
    share: Share


def timeline(booking: Booking) -> list[Stage]:
    """The way of this booking: every stage with the time it was entered, the present one marked."""
    times = {step.action: step.created_at for step in booking.transitions.all()}
    times["draft"] = booking.created_at
    if "renew" in times:
        times["deliver"] = times["renew"]
    way = [stage for stage in STAGES if booking.renews_id is None or stage[1] not in MAKING]
    stages = [Stage(label, times.get(action), booking.state in states) for label, action, states in way]
    if not any(stage.current for stage in stages):
        last = max(times.values())
        stages = [stage for stage in stages if stage.at]
        stages.append(Stage(booking.get_state_display(), last, True))
    return stages


def named_split(terms: Terms) -> list[NamedShare]:
    """The frozen split with the parties' names, in two queries."""
    return named([Share(**share) for share in terms.split])


def named(shares: Sequence[Share]) -> list[NamedShare]:
    """Shares with the parties' names, in two queries."""
    orgs = [parse_ref(share.party, "org") for share in shares if share.party.startswith("org:")]
    talents = [parse_ref(share.party, "talent") for share in shares if share.party.startswith("talent:")]
    names = {row.party: row.name for row in Organization.objects.filter(pk__in=orgs)}
    names |= {row.party: row.stage_name for row in Talent.objects.filter(pk__in=talents)}
    names[PLATFORM] = "Double"
    return [NamedShare(names.get(share.party, "VAT"), share) for share in shares]


def my_answer(booking: Booking, party: str) -> Approval | None:
    """One party's own standing answer to the version in force; never anybody else's."""
    return Approval.objects.filter(
        terms__booking=booking, terms__version=booking.version, party=party, taken_back_at__isnull=True
    ).first()


def opened_answers(booking: Booking) -> list[Approval]:
    """Both answers once they are open; nothing before. Never shown to the brand."""
    return list(
        Approval.objects.filter(
            terms__booking=booking, terms__version=booking.version, opened_at__isnull=False, taken_back_at__isnull=True
        ).order_by("side")
    )
