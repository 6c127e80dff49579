"""One service for most tests, so that its libraries load and its mattes are made once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpeople
import pytest
from PIL import Image

from tests.gpu_service.support import Portal, Service

PEOPLE = Path(openpeople.__file__).parent / "data" / "curated"


def photograph_of(person: str, name: str, *, side: int = 820) -> bytes:
    """A sample photograph, smaller than it came so that its matte is quick."""
    image = Image.open(PEOPLE / person / "assets" / f"{name}.jpg")
    image.thumbnail((side, side))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92)
    return file.getvalue()


@pytest.fixture(scope="session")
def zara() -> dict[str, bytes]:
    """The photographs of one model."""
    return {
        "portrait": photograph_of("P010", "studio_portrait"),
        "posture": photograph_of("P010", "studio_posture", side=1200),
        "park": photograph_of("P010", "amateur_posture", side=1200),
    }


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.close()


@pytest.fixture(scope="session")
def service(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("service"), origins=portal.origin, slots=1)
    yield service
    service.stop()


@pytest.fixture
def start(portal: Portal, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Start further services; what still runs at the end is stopped."""
    started: list[Service] = []

    def begin(**environment: str) -> Service:
        service = Service(tmp_path / "data", origins=portal.origin, slots=1, **environment)
        started.append(service)
        return service

    yield begin
    for service in started:
        if service.process.poll() is None:
            service.kill()
