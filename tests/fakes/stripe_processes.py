"""Real processes for what only real processes show: races, and death between any two statements."""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from celery import Task
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.common.errors import Refused
from tests.forking import open_own_connections

DONE, REFUSED, FAILED = 0, 3, 1
WRITES = ("INSERT", "UPDATE", "DELETE")


def together(*acts: Callable[[], object]) -> list[int]:
    """Runs each act in a process of its own, all let go at once; DONE, REFUSED or FAILED for each."""
    gate, opener = os.pipe()
    children = [_fork(act, gate, opener) for act in acts]
    os.close(opener)
    os.close(gate)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Runs the act in a process that is killed at its n-th step; false when it came to its end before.

    A step is a statement that writes, a commit begun, a commit done, on either database, or a message to the queue
    (which is lost). Whatever lies between two steps leaves nothing behind, so death there is death at the next.
    """

    def doomed() -> None:
        with _dying_at(step):
            act()

    (code,) = together(doomed)
    assert code in {DONE, -signal.SIGKILL}, f"step {step} ended with {code}"
    return code != DONE


def _fork(act: Callable[[], object], gate: int, opener: int) -> int:
    connections.close_all()
    child = os.fork()
    if child:
        return child
    os.close(opener)
    os.read(gate, 1)
    code = FAILED
    open_own_connections()
    try:
        act()
        code = DONE
    except Refused:
        code = REFUSED
    except BaseException:  # noqa: BLE001  # the process ends here whatever happened; the code says it failed
        traceback.print_exc()
    os._exit(code)


@contextmanager
def _dying_at(last: int) -> Iterator[None]:
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(WRITES):
            step()
        return execute(sql, *rest)

    commit = BaseDatabaseWrapper._commit

    def dying_commit(connection: BaseDatabaseWrapper) -> None:
        step()
        commit(connection)
        step()

    for connection in connections.all():
        connection.execute_wrappers.append(statement)
    with (
        mock.patch.object(BaseDatabaseWrapper, "_commit", dying_commit),
        mock.patch.object(Task, "apply_async", lambda *_, **__: step()),
    ):
        yield
