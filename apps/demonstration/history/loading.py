"""Telling every story of the programme that is not told yet, each under a clock that stands where it took place."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from apps.common.clock import true_now
from apps.demonstration.history.clock import standing_at
from apps.demonstration.history.post import own_post
from apps.demonstration.history.stories import STORIES, Story
from apps.demonstration.history.telling import Telling, tell
from apps.demonstration.models import ToldStory
from apps.demonstration.programme import PEOPLE, Person

LONG_AGO = timedelta(days=7)
Say = Callable[[str], object]


def programme(*, short: bool) -> list[Story]:
    """The stories from the oldest on."""
    chosen = [story for story in STORIES if story.short or not short]
    return sorted(chosen, key=lambda story: story.ago, reverse=True)


def cast(stories: Sequence[Story]) -> list[Person]:
    """The models whom these stories tell of."""
    twins = {story.twin for story in stories}
    return [person for person in PEOPLE if person.slug in twins]


def untold(stories: Sequence[Story]) -> list[Story]:
    told = set(ToldStory.objects.values_list("slug", flat=True))
    return [story for story in stories if story.slug not in told]


def begins(story: Story) -> datetime:
    """When the brand sat down to compose: what is over in the morning, what still waits so many hours ago."""
    moment = true_now() - story.ago
    return moment.replace(hour=8, minute=40) if story.ago >= LONG_AGO else moment


def tell_stories(stories: Sequence[Story], *, say: Say) -> None:
    """Each story once; one that an interrupted load left in the middle is told to its end. Must run without a worker,
    whose clock is another one. Raises TookTooLong."""
    for story in untold(stories):
        with standing_at(begins(story)) as clock, own_post(clock) as post:
            ended = tell(Telling(story, clock, post))
        ToldStory.objects.create(slug=story.slug)
        say(f"{story.title}: {ended}")
