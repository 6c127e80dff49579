"""The embedded site in one state folder: brought up step by step, watched, and brought down."""

import os
import urllib.error
import urllib.request
from pathlib import Path

from config.local import broker, demonstration, services
from config.local.console import Console
from config.local.postgres import Postgres
from config.local.state import DATABASES, is_embedded, open_state
from config.local.supervisor import Failed, Supervisor, end_leftovers

FRONT = ("web", "database", "broker", "gpu service")  # parts of /healthz that need neither worker nor beat
GIVING_UP = 4  # deaths of one process before the site was ever healthy


class Site:
    def __init__(self, var: Path, console: Console) -> None:
        self.var = var
        self.console = console
        self.server = Postgres(var / "postgres")
        self.supervisor = Supervisor(var / "processes.json", console)
        self.state: dict[str, str] = {}

    def clear_leftovers(self) -> None:
        ended = end_leftovers(self.var / "processes.json", spare="postgresql")
        self.server.stop_leftovers()
        if ended:
            self.console.say(f"  Ended what a killed start had left: {', '.join(ended)}")

    def bring_up(self) -> list[dict[str, str]]:
        """Everything runs and answers when this returns; who can sign in."""
        self.supervisor.listen()
        self.clear_leftovers()
        (self.var / "log").mkdir(exist_ok=True)
        self.state = open_state(self.var, os.environ, self.server)
        self._start_database()
        self._start_broker()
        with self.console.step("Tables and static files"):
            self.supervisor.run(services.manage(self.var, "-m", "config.local.prepare"))
        self._start_front()
        if not demonstration.is_loaded(self.var):
            with self.console.step("Web and GPU service"):
                self._wait_for_health(*FRONT)
            # The past is told under a clock of its own: worker and beat, which live in the present, come after it.
            with self.console.step("Demonstration"):
                demonstration.load(self.supervisor, self.var)
        with self.console.step("Web, worker, beat and GPU service"):
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
        with self.console.step("PostgreSQL"):
            self.server.prepare()
            self.supervisor.start(services.postgresql(self.server, self.var))
            self.supervisor.wait_until(self.server.is_ready, what="PostgreSQL did not answer", seconds=60)
            for name in DATABASES.values():
                self.server.ensure_database(name)

    def _start_broker(self) -> None:
        if not is_embedded("redis_url", os.environ):
            return
        with self.console.step("Redis"):
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
