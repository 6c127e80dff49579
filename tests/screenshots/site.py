"""The running site, or one that is started for the pictures and stopped after them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from config.runtime import BASE_DIR, RUNTIME_FILE, VAR_DIR

PATIENCE = 1800  # seconds: a first start loads the demonstration
LOADED = VAR_DIR / "demonstration.json"


class NoSite(Exception):
    """It did not come up; its own words stand on the console."""


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The address of the site with the demonstration in it."""
    if is_well():
        yield address()
        return
    process = subprocess.Popen([sys.executable, "-m", "config.local", "run"], cwd=BASE_DIR, env=os.environ)
    try:
        _wait(process)
        yield address()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def address() -> str:
    return str(json.loads(RUNTIME_FILE.read_text())["site_url"])


def is_well() -> bool:
    """Runs, all parts of it answer, and the demonstration is loaded."""
    if not RUNTIME_FILE.exists() or not LOADED.exists():
        return False
    try:
        with urllib.request.urlopen(f"{address()}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait(process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_well():
        if process.poll() is not None or time.monotonic() > end:
            raise NoSite
        time.sleep(0.5)
