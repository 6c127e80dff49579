"""Fixtures for every kind of test. PostgreSQL and Redis come from tests/services.py."""

import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.services import SERVICES
from tests.stack import Stack

settings.register_profile("double", deadline=None)  # how long something takes is measured by make bench alone
settings.load_profile("double")
FIRST_START = 900  # seconds: the demonstration's pictures are really made


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of the whole site run in one xdist worker, so that it starts once."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.xdist_group("stack"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """A group whose tests run in several workers starts its site several times, and nothing would say so."""
    if session.config.getoption("loadgroup", default=False):
        astray = [
            item.nodeid for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid
        ]
        if astray:
            raise pytest.UsageError(f"pytest-xdist does not keep its groups together: {astray[:3]}")


@pytest.fixture
def letters_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails about accounts leave at once: no worker takes them in a test, and a test's transaction never commits."""
    from apps.accounts.tasks import send_letter

    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())
    monkeypatch.setattr(send_letter, "delay", send_letter)


@pytest.fixture(scope="session")
def stack() -> Generator[Stack]:
    """The whole site with the short demonstration in it, shared by all tests that ask for it: leave it healthy."""
    site = Stack(own_folder() / "var")
    site.environment["DEMONSTRATION_PROGRAMME"] = "short"
    try:
        site.start(seconds=FIRST_START)
        yield site
    finally:
        site.end()


@pytest.fixture
def bare_stack() -> Generator[Stack]:
    """A site of one test's own, not started yet, that takes the demonstration for loaded."""
    site = without_demonstration()
    yield site
    site.end()


def own_folder() -> Path:
    """In the folder of this run, which the next run sweeps should this one be killed."""
    return Path(tempfile.mkdtemp(prefix="site-", dir=os.environ[SERVICES]))


def without_demonstration() -> Stack:
    site = Stack(own_folder() / "var")
    site.var.mkdir(mode=0o700)
    (site.var / "demonstration.json").write_text("[]")
    return site
