"""Running the same work in several real processes at once, each with a database connection of its own."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from django.db import connections

from tests.forking import open_own_connections

PATIENCE_S = 60


def in_processes(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `work(number)` returned in each process, or the text of the exception that ended it.

    All processes wait for each other before they begin. Needs a transactional test: they see only what is committed.
    """
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(count), context.SimpleQueue()
    connections.close_all()
    processes = [context.Process(target=_run, args=(number, work, barrier, answers)) for number in range(count)]
    for process in processes:
        process.start()
    found = dict(answers.get() for _ in processes)
    for process in processes:
        process.join(PATIENCE_S)
    return [found[number] for number in range(count)]


def _run(number: int, work: Callable[[int], Any], barrier: Any, answers: Any) -> None:
    open_own_connections()
    try:
        barrier.wait(PATIENCE_S)
        answer = work(number)
    except Exception as error:  # noqa: BLE001 - the parent judges it
        answer = f"{type(error).__name__}: {error}"
    connections.close_all()
    answers.put((number, answer))
