"""The bar that goes along with a visitor: where she is, what to do now, and one press to the next person."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import ResolverMatch, reverse

from apps.demonstration.entering import is_in, name_of
from apps.demonstration.refusals import REFUSALS, TRYING
from apps.demonstration.tour import Position, position_of
from apps.demonstration.tour_booking import follow, tour_of
from apps.demonstration.tour_stories import PAY
from apps.portal.guides import Part

TEMPLATE = "demonstration/bar.html"
REFUSAL_PAGES = {"refusals", "refusal"}


@dataclass(frozen=True)
class Action:
    """A press (`post`) or a link; `story` is what a start is told."""

    label: str
    address: str
    post: bool = False
    story: str = ""
    icon: str = "arrow-right"


@dataclass(frozen=True)
class Bar:
    """`number` is 0 where nothing is counted. `poll`: where the bar asks again while machines work."""

    name: str
    title: str
    text: str
    leave: str
    back: str
    number: int = 0
    total: int = 0
    works: bool = False
    poll: str = ""
    actions: list[Action] = field(default_factory=list)

    @property
    def ticks(self) -> list[str]:
        return ["done" if n < self.number else "now" if n == self.number else "" for n in range(1, self.total + 1)]


def bar(request: HttpRequest) -> Part | None:
    """The bar of this page, if any: of a refusal being tried, else of the tour under way. Not on the home page."""
    match = request.resolver_match
    name = match.url_name if match else ""
    if name == "home" or name in REFUSAL_PAGES or not hasattr(request, "session"):  # an error before there was one
        return None
    back = request.path if request.method == "GET" else ""
    trying = request.session.get(TRYING)
    if trying and trying["key"] in REFUSALS:
        return Part(TEMPLATE, _trying(trying["key"], back))
    tour = tour_of(request)
    if tour is None or tour.left_at:
        return None
    follow(tour, request)
    return Part(TEMPLATE, tour_bar(request, position_of(tour), match, back=back))


def tour_bar(
    request: HttpRequest, position: Position, match: ResolverMatch | None, *, back: str, asked_again: bool = False
) -> Bar:
    """`match` is the page below the bar. `asked_again`: that page may be older than the bar, so it is offered anew."""
    name = match.url_name if match else ""
    works = position.works or (name == "checkout_return" and position.step is PAY)
    there = is_in(request, position.account) and _is_there(position, match) and (works or not asked_again)
    return Bar(
        name=f"The tour, {position.story.title.lower()}",
        title=position.title,
        text=position.step.meanwhile.format_map(position.words) if works else position.text,
        leave=reverse("demonstration:tour_leave"),
        back=back,
        number=position.number,
        total=position.total,
        works=works,
        poll=reverse("demonstration:tour_bar") if works else "",
        actions=_actions(request, position, there=there, works=works),
    )


def place_of(position: Position) -> str:
    """The address of the step's page."""
    booking = position.tour.booking
    return reverse(position.step.page, args=[booking.pk] if booking and position.step.of_booking else [])


def _actions(request: HttpRequest, position: Position, *, there: bool, works: bool) -> list[Action]:
    again = Action("Start again", reverse("demonstration:tour_start"), True, position.story.key, "refresh-cw")
    if there:
        onward = [
            Action("Try to break it", reverse("demonstration:refusals")),
            Action("Another side", reverse("home") + "#tours"),
        ]
        return [again] if position.over else onward if position.last else []
    if not is_in(request, position.account):
        person = name_of(position.account)
        return [Action(f"Go on as {person}", reverse("demonstration:tour_go"), post=True)]
    return [Action("Show me", place_of(position)), *([again] if position.over else [])]


def _is_there(position: Position, match: ResolverMatch | None) -> bool:
    if match is None or match.url_name not in {position.step.page, *position.step.also}:
        return False
    booking = position.tour.booking
    about = match.kwargs.get("pk") if position.step.of_booking and match.url_name == position.step.page else None
    return about is None or booking is None or about == booking.pk


def _trying(key: str, back: str) -> Bar:
    refusal = REFUSALS[key]
    return Bar(
        name="Try to break it",
        title=refusal.title,
        text=refusal.there,
        leave=reverse("demonstration:refusal_leave"),
        back=back,
        actions=[Action("All of them", reverse("demonstration:refusals"), icon="list")],
    )
