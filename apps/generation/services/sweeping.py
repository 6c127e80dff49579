"""Finding what is due, whether or not a message about it ever arrived."""

from django.utils import timezone

from apps.generation.enqueue import after_commit
from apps.generation.models import Attempt
from apps.generation.selectors import free_places, next_in_line
from apps.generation.services.announcing import to_announce
from apps.generation.services.cancellation import subjects_to_cancel
from apps.generation.services.sheets import sheets_to_continue
from apps.generation.states import State

MOST = 100  # of each kind in one sweep; the next one is seconds away
# Which task brings an attempt on from the state in which it was left.
TASKS = {
    State.SUBMITTING: "submit_job",
    State.SUBMIT_UNKNOWN: "submit_job",
    State.QUEUED: "poll_attempt",
    State.RUNNING: "poll_attempt",
    State.INGESTING: "ingest",
    State.CHECKING: "ingest",
}


def dispatch() -> None:
    """Fill the free places at the engine with the attempts that are next in line."""
    places = free_places()
    if places:
        for attempt in next_in_line(places):
            after_commit("submit_job", str(attempt.job_id))


def sweep() -> None:
    """Everything that is due: attempts to submit, to poll, to ingest; ends to announce; revoked work to cancel;
    test sheets that stopped and may go on."""
    dispatch()
    due = Attempt.objects.filter(next_poll_at__lte=timezone.now(), state__in=TASKS).order_by("next_poll_at")[:MOST]
    for attempt in due:
        task = TASKS[State(attempt.state)]
        after_commit(task, str(attempt.job_id if task == "submit_job" else attempt.pk))
    for job in to_announce()[:MOST]:
        after_commit("announce", str(job.pk))
    for subject in subjects_to_cancel():
        after_commit("cancel_revoked", subject)
    for version in sheets_to_continue()[:MOST]:
        after_commit("order_sheet", str(version.pk))
