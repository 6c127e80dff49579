"""Fixtures for every kind of test. PostgreSQL and Redis come from tests/services.py."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.stack import Stack

FIRST_START = 900  # seconds: the demonstration's pictures are really made


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of the whole site run in one xdist worker, so that it starts once."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """The whole site with the demonstration in it, shared by all tests that ask for it: leave it healthy."""
    site = Stack(_short(tmp_path_factory) / "var")
    site.start(seconds=FIRST_START)
    yield site
    site.stop()


@pytest.fixture
def bare_stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """A site of one test's own, not started yet, that takes the demonstration for loaded."""
    site = Stack(_short(tmp_path_factory) / "var")
    site.var.mkdir(mode=0o700)
    (site.var / "demonstration.json").write_text("[]")
    yield site
    if site.process and site.process.poll() is None:
        site.stop()


def _short(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("site")
