"""A service that is killed forgets nothing and makes nothing twice."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from pathlib import Path

from tests.gpu_service.conftest import photograph_of
from tests.gpu_service.support import Portal, Service, enrol, generate


def test_killed_in_the_middle_of_a_job_it_ends_the_job_after_its_restart(
    start: Callable[..., Service], portal: Portal
) -> None:
    gate = threading.Event()
    small = photograph_of("P010", "studio_portrait", side=640)
    body, key = generate([portal.photograph("p1", small, gate=gate)], "beauty"), uuid.uuid4().hex
    service = start()
    job_id = service.submit(body, key=key).json()["id"]
    service.wait(job_id, "running")
    waiting = service.submit(enrol([portal.photograph("p2", b"no picture")])).json()["id"]
    service.kill()
    gate.set()
    service.start()
    assert service.submit(body, key=key).status_code == 200  # the key is remembered, the job is the same
    job = service.wait(job_id)
    assert job["status"] == "succeeded"
    assert len(job["outputs"]) == 1
    assert service.wait(waiting)["result"]["photographs"][0]["problem"] == "not_a_picture"
    assert len(service.call("GET", f"/v1/jobs?client_ref={body['client_ref']}").json()["jobs"]) == 1
    assert [path.stem for path in (service.data / "outputs").glob("*.png")] == [job_id]
    assert [path.stem for path in (service.data / "outputs").glob("*.json")] == [waiting]
    assert list((service.data / "unfinished").iterdir()) == []


def test_stopped_gently_it_puts_unfinished_work_back(
    start: Callable[..., Service], portal: Portal, tmp_path: Path
) -> None:
    gate = threading.Event()
    service = start(GPU_SERVICE_GRACE="0")
    job_id = service.submit(enrol([portal.photograph("p1", b"no picture", gate=gate)])).json()["id"]
    service.wait(job_id, "running")
    assert service.stop() in (0, -15)
    gate.set()
    service.start()
    assert service.wait(job_id)["status"] == "succeeded"
