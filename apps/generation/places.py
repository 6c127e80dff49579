"""How far a test sheet is: one place for each of its pictures, in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Max, Q

from apps.generation.models import Candidate, Job
from apps.generation.progress import way_of
from apps.generation.sheet import SCENES
from apps.generation.states import State
from apps.integrations.gpu.types import STOPPED_BY_A_CHECK, ErrorCode
from apps.twins.models import TwinVersion

# Ends after which the same scene would fail again; after all others it is ordered once more.
FOR_GOOD = STOPPED_BY_A_CHECK | {ErrorCode.CONTENT_POLICY, ErrorCode.INVALID_INPUT}


class Standing(StrEnum):
    """WAITING: to be ordered, for the first time or again. GIVEN_UP: this scene cannot be made of her photographs."""

    WAITING = "waiting"
    RUNNING = "running"
    MADE = "made"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Place:
    """One picture of the sheet. `way` runs from 0 to 1; `candidate` is there once she may look at it."""

    scene: str
    standing: Standing
    way: float
    candidate: Candidate | None


def places_of(version: TwinVersion) -> list[Place]:
    """The places of a version's test sheet, in the order of the sheet."""
    jobs = (
        Job.objects.of_sheet(version)
        .select_related("candidate__file")
        .annotate(done=Max("attempts__progress", filter=Q(attempts__ended_at=None)))
        .order_by("created_at", "remakes")
    )
    newest = {job.spec["scene"]: job for job in jobs}
    return [_place(scene, newest.get(scene)) for scene in SCENES]


def percent_of(places: Sequence[Place]) -> int:
    return int(100 * sum(place.way for place in places) / len(places))


def _place(scene: str, job: Job | None) -> Place:
    if job is None:
        return Place(scene, Standing.WAITING, 0, None)
    if job.is_open:
        return Place(scene, Standing.RUNNING, way_of(State(job.state), getattr(job, "done", None) or 0), None)
    if job.state == State.SUCCEEDED:
        return Place(scene, Standing.MADE, 1, job.candidate)
    if job.error_code in FOR_GOOD:
        return Place(scene, Standing.GIVEN_UP, 1, None)
    return Place(scene, Standing.WAITING, 0, None)
