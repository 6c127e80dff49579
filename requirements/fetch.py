"""`python requirements/fetch.py local|dev`: one lock into this virtual environment, with the standard library alone.

Can be interrupted at any second and started again. Without a package index it says which packages are missing.
"""

import contextlib
import fcntl
import hashlib
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = Path(sys.prefix)
LOG = ENVIRONMENT / "pip.log"
TOLD_EVERY = 4  # seconds
LAST_WORDS = 12  # lines of pip that are shown when something else than the network failed
UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ConnectionError|ProxyError|Network is unreachable"
    r"|Connection to \S+ timed out|No matching distribution|Could not find a version"
)


def main(name: str) -> int:
    lock = HERE / f"{name}.txt"
    with only_one():
        mend()
        missing = missing_of(lock)
        say(f"  Packages: {len(missing)} of requirements/{name}.txt to fetch and install (minutes the first time) …")
        begin = time.monotonic()
        if install(lock, len(missing), begin) != 0:
            explain(missing_of(lock))
            return 1
        say(f"  Packages: {time.monotonic() - begin:.1f} s")
        (ENVIRONMENT / f"{name}.sha256").write_text(f"{hashlib.sha256(lock.read_bytes()).hexdigest()}  -\n")
    return 0


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """pip inherits the lock: one whose starter was killed finishes first, and nobody installs beside it."""
    with (ENVIRONMENT / "lock").open("w") as lock:
        begin = told = time.monotonic()
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() - told > TOLD_EVERY or told == begin:
                    told = time.monotonic()
                    say(f"  An interrupted start is still installing packages: waiting for it, {told - begin:.0f} s")
                time.sleep(0.5)
        lock_is_inherited(lock.fileno())
        yield


def lock_is_inherited(descriptor: int) -> None:
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFD)
    fcntl.fcntl(descriptor, fcntl.F_SETFD, flags & ~fcntl.FD_CLOEXEC)


def mend() -> None:
    """Takes away what a killed pip left half done: it writes a package's RECORD last."""
    for folder in {Path(found.locate_file("")) for found in distributions()}:  # type: ignore[arg-type]
        for left in [*folder.glob("~*"), *(one for one in folder.glob("*.dist-info") if not (one / "RECORD").exists())]:
            shutil.rmtree(left, ignore_errors=True)


def wanted_by(lock: Path) -> dict[str, str]:
    """Normalised name → version of each package that the lock pins."""
    return {plain(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(), re.M)}


def missing_of(lock: Path) -> list[str]:
    there = {plain(found.metadata["Name"]): found.version for found in distributions()}
    return [name for name, version in wanted_by(lock).items() if there.get(name) != version]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def install(lock: Path, packages: int, begin: float) -> int:
    """pip's exit code; tells how far it is every few seconds. Ends with pip when somebody presses Ctrl-C."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-color"]
    command += [
        "--progress-bar",
        "off",
        "--root-user-action",
        "ignore",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(lock),
    ]
    with LOG.open("wb") as log:
        pip = subprocess.Popen(command, stdout=log, stderr=log, close_fds=False)
        try:
            while pip.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    pip.wait(timeout=TOLD_EVERY)
                    break
                say(f"    {progress(LOG.read_text(errors='replace'), packages)}, {time.monotonic() - begin:.0f} s")
        finally:
            pip.terminate()
            pip.wait()
    return pip.returncode


def progress(words: str, packages: int) -> str:
    if "Installing collected packages" in words:
        return f"installing {packages} packages"
    fetched = len(re.findall(r"^(?:  Downloading|  Using cached|Processing) ", words, re.M))
    return f"{min(fetched, packages)} of {packages} fetched"


def explain(missing: list[str]) -> None:
    words = LOG.read_text(errors="replace")
    if not UNREACHABLE.search(words):
        last = "\n".join(words.strip().splitlines()[-LAST_WORDS:])
        complain(f"pip could not install the packages. Its last words (all of them stand in {LOG}):\n{last}")
        return
    names = textwrap.indent(textwrap.fill(", ".join(missing), width=100, break_on_hyphens=False), "  ")
    complain(
        f"No package index answered. These packages are missing ({len(missing)}):\n{names}\n"
        "`make run` needs a package index once, to fetch these; afterwards it needs no network.\n"
        "Connect this machine, or name a mirror (PIP_INDEX_URL=…) or a folder of wheels "
        "(PIP_NO_INDEX=1 PIP_FIND_LINKS=…), and type it again.\n"
        f"pip's own words stand in {LOG}."
    )


def complain(text: str) -> None:
    print(f"\n{text}", file=sys.stderr)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        say("\nInterrupted. The next start goes on here.")
        sys.exit(130)
