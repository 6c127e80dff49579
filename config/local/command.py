"""`python -m config.local setup|run|reset`, behind the Makefile's targets of the same names."""

import argparse
import contextlib
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config.local import demonstration
from config.local.console import Console
from config.local.postgres import PostgresFailed
from config.local.site import Site
from config.local.state import CannotStart
from config.local.supervisor import Failed, Stopped
from config.runtime import VAR_DIR


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


def setup(var: Path, console: Console) -> None:
    site = Site(var, console)
    try:
        site.bring_up()
    finally:
        site.bring_down()
    console.say(f"\n{console.summary()}\n\nDouble is set up. `make run` starts it.")


def run(var: Path, console: Console) -> None:
    begin = time.monotonic()
    site = Site(var, console)
    if not demonstration.is_loaded(var):
        console.say("First start: the demonstration's pictures are really made, which takes minutes. Later: seconds.")
    try:
        accounts = site.bring_up()
        console.say(f"\n{console.summary()}")
        console.say(f"\nDouble is ready after {time.monotonic() - begin:.0f} s: {site.state['site_url']}\n")
        console.say("Who can sign in:")
        for account in accounts:
            console.say(f"  {account['email']:<34} {account['password']:<22} {account['name']}, {account['role']}")
        console.say(f"\nMail is not sent but written to {site.var / 'mail'}.\nCtrl-C stops it.")
        site.watch()
    finally:
        console.say("Stopping …")
        site.bring_down()
        console.say("Stopped.")


def reset(var: Path, console: Console) -> None:
    Site(var, console).clear_leftovers()
    for entry in var.iterdir():
        if entry.name == "lock":
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    console.say(f"All of {var} is gone: the next `make run` starts afresh.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.local")
    parser.add_argument("command", choices=["setup", "run", "reset"])
    command = {"setup": setup, "run": run, "reset": reset}[parser.parse_args().command]
    var = VAR_DIR.absolute()
    console = Console()
    if spent := os.environ.get("PACKAGES_SECONDS"):
        console.already("Packages", float(spent))
    try:
        with only_one(var):
            command(var, console)
    except Stopped:
        return 0
    except (CannotStart, Failed, PostgresFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0
