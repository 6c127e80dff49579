"""A PostgreSQL and a Redis of this pytest run's own, before Django reads its settings.

Loaded by `-p tests.services`. The controller starts both in a temporary folder and hands their addresses on by the
environment; each xdist worker takes database names (pytest-django), a Redis number and a state folder of its own.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest

from config.local import broker, postgres
from config.local.ports import free_port

FOLDER_PREFIX = "double-tests-"
SERVICES = "DOUBLE_TEST_SERVICES"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _take_own_share(int(worker.removeprefix("gw")))
    else:
        _start(early_config)
    return (yield)


def _start(config: pytest.Config) -> None:
    _sweep()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends a run early gets the cleaning up too
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    server = postgres.Postgres(folder / "postgres", throw_away=True)
    server.prepare()
    port = free_port()
    password = "for-tests"
    address = broker.url(port=port, password=password)
    command = broker.command(folder / "redis", port=port, password=password, throw_away=True)
    _spawn(config, folder / "redis.log", command, signal.SIGTERM, None)
    _spawn(config, folder / "postgres.log", server.command(), signal.SIGINT, server.account)
    server.wait_until_ready()
    broker.wait_until_ready(address)
    os.environ.update(
        {
            SERVICES: str(folder),
            "DOUBLE_VAR": str(folder / "var"),
            "DATABASE_URL": server.url("double"),
            "SANDBOX_DATABASE_URL": server.url("double_sandbox"),
            "REDIS_URL": address,
        }
    )
    (folder / "var").mkdir()


def _spawn(
    config: pytest.Config, log: Path, command: list[str], stop: signal.Signals, account: postgres.Account | None
) -> None:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            **({"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}),
        )

    def end() -> None:
        process.send_signal(stop)
        process.wait(timeout=30)

    config.add_cleanup(end)


def _take_own_share(number: int) -> None:
    folder = Path(os.environ[SERVICES]) / f"var-{number}"
    folder.mkdir()
    os.environ["DOUBLE_VAR"] = str(folder)
    parts = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=f"/{number + 1}"))


def _sweep() -> None:
    """Takes away what a killed run left: its process is gone, so nobody else will."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        if psutil.pid_exists(int(folder.name.removeprefix(FOLDER_PREFIX).partition("-")[0])):
            continue
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if any(str(folder) in text for text in _traces(process)):
                    process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _traces(process: psutil.Process) -> list[str]:
    """Where a process names the folder that it works in."""
    return [process.cwd(), *process.cmdline(), process.environ().get("DOUBLE_VAR", "")]
