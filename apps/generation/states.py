"""The states of a job and of an attempt, and the moves between them, as data.

Moves only go forward, by compare-and-set: a late or repeated message finds the row ahead of it and changes nothing.
"""

from django.db import models


class State(models.TextChoices):
    CREATED = "created", "Waits for a place"
    SUBMITTING = "submitting", "Being handed over"
    SUBMIT_UNKNOWN = "submit_unknown", "Perhaps handed over"
    QUEUED = "queued", "Waits at the GPU service"
    RUNNING = "running", "Being made"
    INGESTING = "ingesting", "Being fetched"
    CHECKING = "checking", "Being checked"
    SUCCEEDED = "succeeded", "Made"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Took too long"


IN_ORDER = (
    State.CREATED,
    State.SUBMITTING,
    State.SUBMIT_UNKNOWN,
    State.QUEUED,
    State.RUNNING,
    State.INGESTING,
    State.CHECKING,
)
OPEN = frozenset(IN_ORDER)
ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED, State.EXPIRED})
# An attempt in one of these may be at the GPU service and takes one of its places.
IN_FLIGHT = frozenset({State.SUBMITTING, State.SUBMIT_UNKNOWN, State.QUEUED, State.RUNNING})

# From where an attempt may come into a state. Some states may be passed unseen: polls are seconds apart.
ATTEMPT_MOVES: dict[State, frozenset[State]] = {
    State.SUBMITTING: frozenset({State.CREATED}),
    State.SUBMIT_UNKNOWN: frozenset({State.SUBMITTING}),
    State.QUEUED: frozenset({State.SUBMITTING, State.SUBMIT_UNKNOWN}),
    State.RUNNING: frozenset({State.SUBMITTING, State.SUBMIT_UNKNOWN, State.QUEUED}),
    State.INGESTING: IN_FLIGHT,
    State.CHECKING: frozenset({State.INGESTING}),
    State.SUCCEEDED: frozenset({State.CHECKING}),
    State.FAILED: OPEN,
    State.CANCELLED: OPEN,
    State.EXPIRED: IN_FLIGHT,
}
# A job goes through the same states and keeps the furthest one that any of its attempts reached.
JOB_MOVES: dict[State, frozenset[State]] = {
    **{state: frozenset(IN_ORDER[:index]) for index, state in enumerate(IN_ORDER) if index},
    **dict.fromkeys(ENDED, OPEN),
}
