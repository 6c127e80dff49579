"""Where a tour stands: its current step, and the detours that a visitor can take it on."""

from dataclasses import dataclass, replace

from apps.bookings.models import Booking
from apps.bookings.states import TERMINAL, State
from apps.demonstration.models import Tour
from apps.demonstration.tour_facts import Facts, facts_of
from apps.demonstration.tour_stories import AGENCY_ANSWERS, STORIES, Step, Story, Who, never

ENDED = TERMINAL - {State.DELIVERED}


@dataclass(frozen=True)
class Position:
    """`number` of `total`, counted from one. `over`: the booking closed without pictures, only a new start helps."""

    tour: Tour
    story: Story
    step: Step
    number: int
    total: int
    works: bool = False
    over: bool = False

    @property
    def account(self) -> str:
        """Who does this step."""
        return account_of(self.story, self.tour.booking, self.step.who)

    @property
    def last(self) -> bool:
        return self.number == self.total and not self.works

    @property
    def words(self) -> dict[str, str]:
        """What the texts name."""
        booking = self.tour.booking
        return {
            "model": booking.twin.talent.stage_name if booking else "The model",
            "brand": booking.brand.name if booking else "",
            "agency": booking.agency.name if booking and booking.agency else "The agency",
            "ordered": str(sum(look.pictures for look in booking.looks.all())) if booking else "",
        }

    @property
    def title(self) -> str:
        return self.step.title.format_map(self.words)

    @property
    def text(self) -> str:
        return (self.step.meanwhile if self.works else self.step.text).format_map(self.words)


def position_of(tour: Tour) -> Position:
    """The first step that is not done; a detour where the booking was led elsewhere. `tour` comes with its booking."""
    story = STORIES[tour.story]
    facts = facts_of(tour.booking)
    steps = [step for step in story.steps if facts.represented or step is not AGENCY_ANSWERS]
    number, step = next(((n, step) for n, step in enumerate(steps, 1) if not step.done(facts)), (len(steps), steps[-1]))
    found = Position(tour, story, step, number, len(steps), works=step.works(facts))
    detour = _detour(facts)
    return replace(found, step=detour, works=False, over=facts.state in ENDED) if detour else found


def account_of(story: Story, booking: Booking | None, who: Who) -> str:
    """The account that plays this part in the tour's booking; before there is one, the story's own brand."""
    if booking is None or who == Who.BRAND:
        return booking.brand.slug if booking else story.brand
    if who == Who.AGENCY and booking.agency:
        return booking.agency.slug
    return booking.twin.talent.slug


def _detour(facts: Facts) -> Step | None:
    if facts.state in ENDED:
        return Step(
            Who.BRAND, "booking", "This booking is closed",
            "It ended without pictures, and its page says why. Start again with a fresh one whenever you like.",
            done=never,
        )  # fmt: skip
    if facts.state == State.ON_HOLD or (facts.paused and facts.state != State.DELIVERED):
        return Step(
            Who.MODEL, "my_twin", "Nothing goes on while it rests",
            "{model}’s twin is paused or a consent was taken back, so everything stopped. Only the model can go on.",
            done=never, of_booking=False,
        )  # fmt: skip
    if facts.state == State.SUBMITTED and "no" in {facts.talent_said, facts.agency_said}:
        who = Who.MODEL if facts.talent_said == "no" else Who.AGENCY
        return Step(
            who, "request", "A no was sealed",
            "It counts when its ten minutes are over, and the brand hears “not available”. Take it back to go on.",
            done=never,
        )  # fmt: skip
    return None
