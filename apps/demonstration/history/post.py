"""The loader as its own worker: what would be sent to the queues is kept here and done here, in story time."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import current_app

from apps.demonstration.history.clock import Clock
from apps.generation import services as generation
from apps.generation.models import Attempt
from apps.generation.states import State
from apps.payments import services as payments
from apps.payments.models import Op

# Pictures in other sizes and certificates can be made any time: the true worker does it when it comes up.
LEFT_TO_THE_WORKER = ("apps.media.", "apps.signatures.")
# Nobody mails old news. What is new enough, the true worker's sweep finds unsent.
NOT_DONE = "apps.notifications."
AT_THE_SERVICE = (State.QUEUED, State.RUNNING)
TURN_SECONDS = 0.2
PATIENCE_SECONDS = 300


class TookTooLong(Exception):
    """What the loader waited for did not happen; the message says what."""


class Post:
    """Tasks in the order they were sent. What one of them does may send further ones."""

    def __init__(self, clock: Clock, to_worker: Callable[..., Any]) -> None:
        self.clock = clock
        self._to_worker = to_worker
        self._waiting: deque[tuple[str, Any, Any]] = deque()

    def send_task(self, name: str, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        """In the place of Celery's own, which every way of sending a task ends in."""
        if name.startswith(LEFT_TO_THE_WORKER):
            return self._to_worker(name, args, kwargs, **options)
        if not name.startswith(NOT_DONE):
            self._waiting.append((name, args or (), kwargs or {}))
        return None

    def work(self) -> None:
        """Does everything that waits, and what comes of it."""
        while self._waiting:
            name, args, kwargs = self._waiting.popleft()
            current_app.tasks[name](*args, **kwargs)

    def work_until(self, happened: Callable[[], bool], what: str) -> None:
        """Works, and looks after the GPU service's jobs, until it happened.

        Raises TookTooLong when nothing moves any more; on a busy machine the whole may take its time.
        """
        self._free_what_a_killed_load_held()
        moved = time.monotonic()
        while not happened():
            if time.monotonic() - moved > PATIENCE_SECONDS:
                raise TookTooLong(f"{what}: nothing moved for {PATIENCE_SECONDS} s")
            generation.sweep()
            for attempt in Attempt.objects.filter(state__in=AT_THE_SERVICE).with_job():
                generation.poll(attempt)  # as on a notice: those of the GPU service go to the site, not to us
            if self._waiting:
                moved = time.monotonic()
            else:
                time.sleep(TURN_SECONDS)
            self.work()

    def send_refunds(self) -> None:
        """Every refund that was promised leaves now."""
        self._free_what_a_killed_load_held()
        for op_id in list(Op.objects.filter(state=Op.State.OPEN).values_list("pk", flat=True)):
            payments.run_op(op_id=op_id)
        self.work()

    def _free_what_a_killed_load_held(self) -> None:
        """A worker leases what it works on; when the only one there was is dead, story time moves past the lease."""
        for attempt in Attempt.objects.open():
            self.clock.at_least(attempt.next_poll_at)
        for op in Op.objects.filter(state=Op.State.OPEN):
            self.clock.at_least(op.due_at)


def workers_answer() -> bool:
    """Whether a true worker, with the true clock, is up."""
    return bool(current_app.control.inspect(timeout=1, limit=1).ping())


@contextmanager
def own_post(clock: Clock) -> Iterator[Post]:
    """Within it this process is the only worker, as far as its own messages go."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    app.loader.import_default_modules()
    post = Post(clock, app.send_task)
    app.send_task = post.send_task
    try:
        yield post
    finally:
        del app.send_task  # the method of the class is there again
