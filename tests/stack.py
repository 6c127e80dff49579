"""The whole site as `make run` starts it: real processes, in a state folder and on ports of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from config.local.ports import free_port
from config.local.supervisor import end_leftovers, read_record

ROOT = Path(__file__).resolve().parent.parent
# What this pytest run set for itself; the site's processes must find their own.
OURS = (
    *("DATABASE_URL", "SANDBOX_DATABASE_URL", "REDIS_URL", "DOUBLE_TEST_SERVICES", "DJANGO_SETTINGS_MODULE", "PORT"),
    "PYTHONDONTWRITEBYTECODE",  # the processes import the same modules many times: they may keep what they compiled
)
PATIENCE = 60  # seconds for a part to come back
INTERRUPT_BIT = 1 << (signal.SIGINT - 1)


def ignore_interrupts() -> None:
    """As `make run` starts it: Ctrl-C while Python itself comes up would print where Python was."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Stack:
    """`var` holds all state; the same folder can be started again."""

    def __init__(self, var: Path, *, port: int | None = None) -> None:
        self.var = var
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = var.with_name(f"{var.name}.log")
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = {**kept, "DOUBLE_VAR": str(var), "PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Starts it and does not wait."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.local", "run"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=ignore_interrupts,
            )

    def wait_until_it_hears_interrupts(self) -> None:
        """Python itself has come up and our first line has run."""
        assert self.process
        status = Path(f"/proc/{self.process.pid}/status")
        end = time.monotonic() + PATIENCE
        while int(re.findall(r"^SigIgn:\s+(\w+)", status.read_text(), re.MULTILINE)[0], 16) & INTERRUPT_BIT:
            assert time.monotonic() < end, "it ignores Ctrl-C for good"
            time.sleep(0.01)

    def start(self, *, seconds: float) -> None:
        begin = len(self.words())
        self.launch()
        assert self.process
        end = time.monotonic() + seconds
        while "Ctrl-C stops it." not in self.words()[begin:]:
            assert self.process.poll() is None, f"it ended:\n{self.words()[-6000:]}"
            assert time.monotonic() < end, f"it was not up within {seconds} s:\n{self.words()[-6000:]}"
            time.sleep(0.1)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to end; its exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def end(self) -> None:
        """Whatever became of it, nothing of it runs afterwards."""
        if self.process and self.process.poll() is None:
            self.stop()
        end_leftovers(self.var / "processes.json", spare="")

    def words(self) -> str:
        """What it has said so far on its console."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def processes(self) -> dict[str, int]:
        """Name → process id of: postgresql, redis, web, worker, beat, gpu."""
        return {name: pid for name, (pid, _) in read_record(self.var / "processes.json").items()}

    def kill(self, name: str) -> int:
        """Kills the process and all that it started, without a warning; the id that it had."""
        pid = self.processes()[name]
        os.killpg(pid, signal.SIGKILL)
        return pid

    def wait_until_back(self, name: str, killed: int) -> None:
        """Until another process has taken the killed one's place and the whole site is well."""
        end = time.monotonic() + PATIENCE
        status, report = 0, ""
        while self.processes().get(name, killed) == killed or status != 200:
            assert time.monotonic() < end, f"{name} did not come back within {PATIENCE} s:\n{report}"
            time.sleep(0.2)
            status, report = self.health()

    def health(self) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def manage(self, *arguments: str, check: bool = True, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
        """`manage.py` beside the running site."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=folder,
            env={name: value for name, value in self.environment.items() if name != "PORT"},
            capture_output=True,
            text=True,
            check=check,
            timeout=600,
        )

    def state(self) -> dict[str, str]:
        return dict(json.loads((self.var / "runtime.json").read_text()))

    def rows(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Asks the site's own database."""
        with psycopg.connect(self.state()["database_url"], autocommit=True) as connection:
            found = connection.execute(query, parameters)  # type: ignore[arg-type]
            return found.fetchall() if found.description else []
