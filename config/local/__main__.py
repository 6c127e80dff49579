"""`python -m config.local setup|run|reset`, behind the Makefile's targets of the same names."""

import argparse
import contextlib
import fcntl
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from config.local import broker, demonstration, services
from config.local.postgres import Postgres
from config.local.state import DATABASES, CannotStart, is_embedded, open_state
from config.local.supervisor import Failed, Stopped, Supervisor, end_leftovers
from config.runtime import VAR_DIR

FRONT = ("web", "database", "broker", "gpu service")  # parts of /healthz that need neither worker nor beat
GIVING_UP = 4  # deaths of one process before the site was ever healthy


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # a closed terminal must not keep the processes from being ended
        print(text, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    say(f"  {what} …")
    begin = time.monotonic()
    yield
    say(f"  {what}: {time.monotonic() - begin:.1f} s")


@contextlib.contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Holds the state folder for this process. The lock ends with the process, however that ends."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (var / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"Double already runs from {var}; stop it first (Ctrl-C where it runs).") from None
        yield


class Site:
    """The embedded site in one state folder: brought up step by step, watched, and brought down."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.server = Postgres(var / "postgres")
        self.supervisor = Supervisor(var / "processes.json", say)
        self.state: dict[str, str] = {}

    def clear_leftovers(self) -> None:
        ended = end_leftovers(self.var / "processes.json", spare="postgresql")
        self.server.stop_leftovers()
        if ended:
            say(f"  Ended what a killed start had left: {', '.join(ended)}")

    def bring_up(self) -> list[dict[str, str]]:
        """Everything runs and answers when this returns; who can sign in."""
        self.supervisor.listen()
        self.clear_leftovers()
        (self.var / "log").mkdir(exist_ok=True)
        self.state = open_state(self.var, os.environ, self.server)
        self._start_database()
        self._start_broker()
        with step("Tables and static files"):
            self.supervisor.run(services.manage(self.var, "-m", "config.local.prepare"))
        self._start_front()
        if not demonstration.is_loaded(self.var):
            with step("Web and GPU service"):
                self._wait_for_health(*FRONT)
            # The past is told under a clock of its own: worker and beat, which live in the present, come after it.
            with step("Demonstration"):
                demonstration.load(self.supervisor, self.var)
        with step("Web, worker, beat and GPU service"):
            for service in services.workers(self.var):
                self.supervisor.start(service)
            self._wait_for_health(*FRONT, "worker", "beat")
        return demonstration.accounts(self.var)

    def watch(self) -> None:
        while True:
            self.supervisor.step()

    def bring_down(self) -> None:
        self.supervisor.stop()

    def _start_front(self) -> None:
        self.supervisor.start(services.web(self.state, self.var))
        if is_embedded("gpu_service_url", os.environ):
            self.supervisor.start(services.gpu_service(self.state, self.var))

    def _start_database(self) -> None:
        if not is_embedded("database_url", os.environ):
            return
        with step("PostgreSQL"):
            self.server.prepare()
            self.supervisor.start(services.postgresql(self.server, self.var))
            self.supervisor.wait_until(self.server.is_ready, what="PostgreSQL did not answer", seconds=60)
            for name in DATABASES.values():
                self.server.ensure_database(name)

    def _start_broker(self) -> None:
        if not is_embedded("redis_url", os.environ):
            return
        with step("Redis"):
            self.supervisor.start(services.redis(self.state, self.var))
            address = self.state["redis_url"]
            self.supervisor.wait_until(lambda: broker.is_ready(address), what="Redis did not answer", seconds=30)

    def _wait_for_health(self, *parts: str) -> None:
        """Until these parts are well; the others may still be missing."""
        report = ""

        def healthy() -> bool:
            nonlocal report
            report = health(self.state["site_url"])
            for name, deaths in self.supervisor.deaths.items():
                if deaths >= GIVING_UP:
                    raise Failed(f"{name} ended {deaths} times")
            return {f"{part}: ok" for part in parts} <= set(report.splitlines())

        try:
            self.supervisor.wait_until(healthy, what="the site was not healthy", seconds=120)
        except Failed as error:
            raise Failed(f"{error}:\n{report}") from None


def health(address: str) -> str:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:  # noqa: S310
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except OSError as error:
        return f"web: {error}"


def setup(var: Path) -> None:
    site = Site(var)
    try:
        site.bring_up()
    finally:
        site.bring_down()
    say("\nDouble is set up. `make run` starts it.")


def run(var: Path) -> None:
    begin = time.monotonic()
    site = Site(var)
    try:
        accounts = site.bring_up()
        say(f"\nDouble is ready after {time.monotonic() - begin:.0f} s: {site.state['site_url']}\n")
        say("Who can sign in:")
        for account in accounts:
            say(f"  {account['email']:<34} {account['password']:<22} {account['name']}, {account['role']}")
        say(f"\nMail is not sent but written to {site.var / 'mail'}.\nCtrl-C stops it.")
        site.watch()
    finally:
        say("Stopping …")
        site.bring_down()
        say("Stopped.")


def reset(var: Path) -> None:
    Site(var).clear_leftovers()
    for entry in var.iterdir():
        if entry.name == "lock":
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    say(f"All of {var} is gone: the next `make run` starts afresh.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.local")
    parser.add_argument("command", choices=["setup", "run", "reset"])
    command = {"setup": setup, "run": run, "reset": reset}[parser.parse_args().command]
    var = VAR_DIR.absolute()
    try:
        with only_one(var):
            command(var)
    except Stopped:
        return 0
    except (CannotStart, Failed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
