"""How far the pictures of a booking are, look by look, in one query whatever their number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q

from apps.generation.models import Job
from apps.generation.states import ENDED, OPEN, State

# How much of a picture's way is behind it at least; at the GPU service its own report counts on top of that.
BEHIND = {
    State.CREATED: 0.0,
    State.SUBMITTING: 0.05,
    State.SUBMIT_UNKNOWN: 0.05,
    State.QUEUED: 0.05,
    State.RUNNING: 0.1,
    State.INGESTING: 0.9,
    State.CHECKING: 0.95,
}
AT_THE_GPU = 0.8  # share of the way that the GPU service's own progress stands for


@dataclass(frozen=True)
class Progress:
    """Candidates of one look. `failed` are given up; one that is being made again counts as running.

    `percent` runs from 0 to 100 and reaches 100 only when nothing is running. `states` counts the open ones by state.
    """

    ordered: int
    running: int
    made: int
    failed: int
    percent: int
    states: dict[str, int]


@dataclass(frozen=True)
class _Picture:
    state: State
    progress: float


def of_booking(booking_ref: str) -> dict[str, Progress]:
    """Per look, by its reference; a look without an order is missing."""
    rows = (
        Job.objects.of_booking(booking_ref)
        .filter(remade_as=None)
        .annotate(done=Max("attempts__progress", filter=Q(attempts__ended_at=None)))
        .values_list("look_ref", "state", "done")
    )
    looks: dict[str, list[_Picture]] = defaultdict(list)
    for look_ref, state, done in rows:
        looks[look_ref].append(_Picture(State(state), done or 0))
    return {look_ref: _progress(pictures) for look_ref, pictures in looks.items()}


def _progress(pictures: list[_Picture]) -> Progress:
    open_ones = [picture for picture in pictures if picture.state in OPEN]
    ended = sum(picture.state in ENDED for picture in pictures)
    made = sum(picture.state == State.SUCCEEDED for picture in pictures)
    way = ended + sum(way_of(picture.state, picture.progress) for picture in open_ones)
    return Progress(
        ordered=len(pictures),
        running=len(open_ones),
        made=made,
        failed=ended - made,
        percent=int(100 * way / len(pictures)),
        states=_counted(picture.state for picture in open_ones),
    )


def way_of(state: State, progress: float) -> float:
    """How much of its way a picture in an open state has behind it, from 0 to 1."""
    return BEHIND[state] + (AT_THE_GPU * progress if state == State.RUNNING else 0)


def _counted(states: Iterable[State]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for state in states:
        counts[str(state)] += 1
    return dict(counts)
