"""What the demonstration adds to the portal's pages: the tours on the home page, the bar, two lines in the menu."""

from dataclasses import dataclass

from django.http import HttpRequest

from apps.demonstration.refusals import REFUSALS, Refusal
from apps.demonstration.tour import Position, position_of
from apps.demonstration.tour_bar import bar
from apps.demonstration.tour_booking import tour_of
from apps.demonstration.tour_stories import STORIES, Story
from apps.portal.guides import Guide, Part, offer
from apps.portal.pictures import NO_PICTURE, Picture, picture
from apps.twins.models import Twin


@dataclass(frozen=True)
class WayIn:
    story: Story
    picture: Picture


@dataclass(frozen=True)
class HomeGuide:
    """`under_way` is where the visitor's own tour stands, if she has one."""

    ways: list[WayIn]
    refusals: list[Refusal]
    under_way: Position | None


def home(request: HttpRequest) -> Part:
    covers = {
        twin.talent.slug: picture(twin.cover)
        for twin in Twin.objects.filter(
            talent__slug__in=[story.cover for story in STORIES.values()], talent__synthetic=True
        ).select_related("talent", "chosen_cover")
    }
    tour = tour_of(request)
    return Part(
        "demonstration/_home.html",
        HomeGuide(
            ways=[WayIn(story, covers.get(story.cover, NO_PICTURE)) for story in STORIES.values()],
            refusals=list(REFUSALS.values()),
            under_way=position_of(tour) if tour else None,
        ),
    )


def menu(request: HttpRequest) -> Part:
    return Part("demonstration/_menu.html", tour_of(request))


offer(Guide(home=home, bar=bar, menu=menu))
