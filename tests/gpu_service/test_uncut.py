"""Enrolment answers at once; the photographs are cut out afterwards, each by one slot, and never before a job."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gpu_service.store import JobStore
from gpu_service.uncut import TRIES, UncutQueue
from tests.gpu_service.conftest import photograph_of
from tests.gpu_service.support import Portal, Service, enrol


@pytest.fixture
def store(tmp_path: Path) -> JobStore:
    return JobStore(tmp_path / "jobs.sqlite3")


def submit(store: JobStore) -> str:
    request = {"kind": "enrol", "client_ref": "attempt:1", "input": {}}
    job, _ = store.submit(key="k", request=request, request_sha256="d", permission=lambda: None, queue_limit=5)
    return str(job["id"])


def test_two_slots_never_take_the_same_photograph(store: JobStore) -> None:
    queue = UncutQueue(store)
    queue.add(["front", "side"])
    queue.add(["front"])
    assert [queue.take(), queue.take(), queue.take()] == ["front", "side", None]


def test_a_waiting_job_comes_before_any_photograph(store: JobStore) -> None:
    queue = UncutQueue(store)
    queue.add(["front"])
    submit(store)
    assert queue.take() is None
    store.claim()
    assert queue.take() == "front"


def test_photographs_taken_at_a_crash_are_taken_again_but_not_for_ever(store: JobStore) -> None:
    queue = UncutQueue(store)
    queue.add(["front"])
    for _ in range(TRIES):
        assert queue.take() == "front"
        queue.put_back()
    assert queue.take() is None


def mattes(service: Service) -> set[str]:
    return {path.name.split(".")[0] for path in (service.data / "mattes").glob("*.alpha.png")}


def test_enrolment_cuts_nothing_and_an_idle_slot_cuts_all_of_it_across_a_kill(
    start: Callable[..., Service], portal: Portal
) -> None:
    given = [
        portal.photograph(person, photograph_of(person, "studio_portrait", side=640)) for person in ("P001", "P005")
    ]
    gate = threading.Event()
    service = start()
    job_id = service.submit(enrol(given)).json()["id"]
    held = service.submit(enrol([portal.photograph("held", b"no picture", gate=gate)])).json()["id"]
    assert service.wait(job_id)["status"] == "succeeded"
    service.wait(held, "running")
    assert mattes(service) == set()  # the only slot has a job
    service.kill()
    gate.set()
    service.start()
    limit = time.monotonic() + 60
    while mattes(service) != {photograph["sha256"] for photograph in given}:
        assert time.monotonic() < limit, "the photographs were not cut out"
        time.sleep(0.2)
    assert service.wait(held)["status"] == "succeeded"
