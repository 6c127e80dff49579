"""What the pages show of a booking, read in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.bookings.conditions import Conditions, in_words
from apps.bookings.models import Approval, Booking, Terms
from apps.bookings.states import State
from apps.common.refs import PLATFORM, parse_ref
from apps.crew.models import CrewMember
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


def deadline_for_brand(booking: Booking) -> datetime | None:
    """When silence ends this state, where that tells nothing of the others: while answers are sealed or a version is
    being written, a deadline that moves would say whose turn it is."""
    return None if booking.state in {State.SUBMITTED, State.PROPOSING} else booking.deadline_at


def named_split(terms: Terms) -> list[NamedShare]:
    """The frozen split with the parties' names."""
    return named([Share(**share) for share in terms.split])


def named(shares: Sequence[Share]) -> list[NamedShare]:
    """Shares with the parties' names, in two queries, and one more where a crew is given something."""
    orgs = [parse_ref(share.party, "org") for share in shares if share.party.startswith("org:")]
    talents = [parse_ref(share.party, "talent") for share in shares if share.party.startswith("talent:")]
    names = {row.party: row.name for row in Organization.objects.filter(pk__in=orgs)}
    names |= {row.party: row.stage_name for row in Talent.objects.filter(pk__in=talents)}
    if crew := [parse_ref(share.party, "crew") for share in shares if share.party.startswith("crew:")]:
        names |= {row.party: row.name for row in CrewMember.objects.filter(pk__in=crew)}
    names[PLATFORM] = "Double"
    return [NamedShare(names.get(share.party, "VAT"), share) for share in shares]


def my_answer(booking: Booking, party: str) -> Approval | None:
    """One party's own standing answer to the newest version that it was asked about; never anybody else's."""
    return (
        Approval.objects.filter(
            terms__booking=booking,
            terms__version__gte=booking.version,
            terms__withdrawn_at=None,
            party=party,
            taken_back_at__isnull=True,
        )
        .select_related("terms")
        .order_by("-terms__version")
        .first()
    )


@dataclass(frozen=True)
class OpenedAnswer:
    """What one side answered, once both are open. `lines` are its conditions in words."""

    side: str
    answer: str
    lines: list[str]


def opened_answers(booking: Booking) -> list[OpenedAnswer]:
    """Both answers once they are open; nothing before. Never shown to the brand."""
    rows = Approval.objects.filter(
        terms__booking=booking, terms__version=booking.version, opened_at__isnull=False, taken_back_at__isnull=True
    )
    return [
        OpenedAnswer(row.get_side_display(), row.get_answer_display(), conditions_of(row))
        for row in rows.select_related("terms").order_by("side")
    ]


def conditions_of(approval: Approval) -> list[str]:
    """The conditions of one answer in words."""
    return in_words(Conditions.from_json(approval.conditions), approval.terms.currency)
