"""Keeps a handful of processes alive: starts them, starts them again when they die, ends them in order.

Every process leads a process group of its own, so that Ctrl-C in the terminal reaches only the supervisor and so that
nothing a process started outlives it. Who runs stands in a file, and a mark in its environment: the next start ends
what a killed supervisor left, also what it had no time to write down.
"""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.local.console import Console
from config.local.postgres import Account

TURN = 0.05  # seconds between two looks at the processes
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a dead process is started again; doubles each time
MARK = "DOUBLE_SITE"  # in the environment of all that a supervisor starts: the folder of its site, and the name
PROVEN = 30.0  # a process that lived this many seconds starts again with the first pause


class Stopped(Exception):
    """Somebody asked the supervisor to end."""


class Failed(Exception):
    """A command that had to succeed did not, or nothing answered in time."""


@dataclass(frozen=True)
class Service:
    name: str
    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path | None = None  # None: its words go where the supervisor's go
    chatty: bool = False  # says on stdout what nobody needs; what it logs goes to stderr
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0  # seconds between the polite signal and the other one
    foundation: bool = False  # the others need it and end before it, and after a killed start with care


@dataclass
class Running:
    service: Service
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)


class Supervisor:
    def __init__(self, record: Path, console: Console) -> None:
        self.record = record
        self.console = console
        self.running: dict[str, Running] = {}
        self.waiting: dict[str, tuple[float, Service]] = {}  # name → when to start it again
        self.pauses: dict[str, float] = {}
        self.deaths: Counter[str] = Counter()
        self.asked_to_stop = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, number: int, frame: object) -> None:
        del number, frame
        self.asked_to_stop = True

    def start(self, service: Service) -> None:
        self.running[service.name] = Running(service, self._launch(service))
        self._write_record()

    def step(self) -> None:
        """One turn: raises Stopped when asked to end; otherwise looks after the dead."""
        if self.asked_to_stop:
            raise Stopped
        now = time.monotonic()
        for name, running in list(self.running.items()):
            if running.process.poll() is not None:
                self._bury(name, running, now)
        for name, (due, service) in list(self.waiting.items()):
            if due <= now:
                del self.waiting[name]
                self.start(service)
        self.console.pulse()
        time.sleep(TURN)

    def wait_until(self, ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise Failed(f"{what} within {seconds:.0f} s")
            self.step()

    def run(self, service: Service) -> None:
        """One command to its end, while the services go on; what it says is told. Raises Failed unless it succeeds."""
        process = self._launch(service, output=subprocess.PIPE)
        reader = threading.Thread(target=self._tell, args=[process], daemon=True)
        reader.start()
        try:
            while process.poll() is None:
                self.step()
        finally:
            _kill_group(process.pid)
            process.wait()
            reader.join(timeout=5)
        if process.returncode != 0:
            raise Failed(f"{service.name} ended with {process.returncode}")

    def _tell(self, process: subprocess.Popen[bytes]) -> None:
        for line in process.stdout or ():
            self.console.told(line.decode(errors="replace").rstrip())

    def stop(self) -> None:
        """Ends all of them, side by side, and then what they stand on."""
        self.waiting.clear()
        for foundation in (False, True):
            ending = {name: one for name, one in self.running.items() if one.service.foundation == foundation}
            _end(list(ending.values()))
            for name in ending:
                del self.running[name]
        self._write_record()

    def _launch(self, service: Service, output: int | None = None) -> subprocess.Popen[bytes]:
        """Its words go into its log, if it has one, else to `output`: a pipe, or where ours go."""
        account = service.account
        with contextlib.ExitStack() as stack:
            log = stack.enter_context(service.log.open("ab")) if service.log else output
            return subprocess.Popen(
                service.command,
                env={**service.environment, MARK: _mark(self.record.parent, service.name)},
                cwd=service.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if service.chatty else log,
                stderr=subprocess.STDOUT if log else None,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def _bury(self, name: str, running: Running, now: float) -> None:
        del self.running[name]
        _kill_group(running.process.pid)  # pool processes of a killed worker, for instance
        self.deaths[name] += 1
        lived = now - running.started
        pause = FIRST_PAUSE if lived > PROVEN else self.pauses.get(name, FIRST_PAUSE)
        self.pauses[name] = min(pause * 2, LONGEST_PAUSE)
        self.waiting[name] = (now + pause, running.service)
        self._write_record()
        where = f" Its last words stand in {running.service.log}." if running.service.log else ""
        reason = _reason(running.process.returncode)
        self.console.say(f"{name} ended ({reason}); starting it again in {pause:g} s.{where}")

    def _write_record(self) -> None:
        rows = {}
        for name, running in self.running.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                rows[name] = [running.process.pid, psutil.Process(running.process.pid).create_time()]
        unfinished = self.record.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(rows))
        unfinished.rename(self.record)


def end_leftovers(record: Path, *, spare: str) -> list[str]:
    """Ends the processes that a killed supervisor left behind, but for `spare`, which ends with more care; names."""
    left = {name: pid for name, (pid, created) in read_record(record).items() if _is_same(pid, created)}
    for name, pid in left.items():
        if name != spare:
            _kill_group(pid)
    strays = [one for one in psutil.process_iter() if _is_marked(one, record.parent, spare)]
    for one in strays:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(strays, timeout=10)
    record.unlink(missing_ok=True)
    return sorted(left.keys() - {spare})


def read_record(record: Path) -> dict[str, tuple[int, float]]:
    """Name → process id and the time it was created, by which a reused id is told apart."""
    if not record.exists():
        return {}
    return {name: (pid, created) for name, (pid, created) in json.loads(record.read_text()).items()}


def _mark(folder: Path, name: str) -> str:
    return f"{folder}\n{name}"


def _is_marked(process: psutil.Process, folder: Path, spare: str) -> bool:
    try:
        mark = process.environ().get(MARK, "")
        return mark.startswith(_mark(folder, "")) and mark != _mark(folder, spare)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _is_same(pid: int, created: float) -> bool:
    try:
        return psutil.Process(pid).create_time() == created
    except psutil.NoSuchProcess:
        return False


def _end(ending: list[Running]) -> None:
    for one in ending:
        if one.process.poll() is None:
            one.process.send_signal(one.service.stop_signal)
    begin = time.monotonic()
    for one in ending:
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.process.wait(timeout=max(0.0, begin + one.service.grace - time.monotonic()))
        _kill_group(one.process.pid)
        one.process.wait()


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
