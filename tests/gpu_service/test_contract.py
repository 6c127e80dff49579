"""The open contract, held to openapi.yaml in both directions."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from gpu_service import contract
from gpu_service.app import Api
from tests.gpu_service.support import Portal, Service, enrol, generate

NOTHING = {"ref": "p1", "url": "http://127.0.0.1:9/p1", "sha256": "0" * 64}


def test_service_answers_within_two_seconds_of_its_start(service: Service) -> None:
    assert service.start_seconds < 5  # 2 s alone on a core; the machine is shared when the tests run
    health = service.call("GET", "/v1/health").json()
    assert health["status"] == "ok"
    assert health["slots"] == 1


def test_every_documented_path_is_served_and_nothing_else() -> None:
    routes = Api.routes(object.__new__(_Unbuilt))
    served = {
        (method, route.path.replace(":int", ""))
        for route in routes
        for method in route.methods or ()
        if method != "HEAD"
    }
    written = {
        (method.upper(), path) for path, operations in contract.document()["paths"].items() for method in operations
    }
    assert served == written


class _Unbuilt(Api):
    """An Api without a service, to read its routes."""


def test_same_key_and_body_is_the_same_job(service: Service) -> None:
    body, key = enrol([NOTHING]), uuid.uuid4().hex
    first, again = service.submit(body, key=key), service.submit(body, key=key)
    assert first.status_code == 202
    assert again.status_code == 200
    assert again.headers["idempotent-replayed"] == "true"
    assert first.json()["id"] == again.json()["id"]
    assert len(service.call("GET", f"/v1/jobs?client_ref={body['client_ref']}").json()["jobs"]) == 1


def test_same_key_with_another_body_is_refused(service: Service) -> None:
    key = uuid.uuid4().hex
    service.submit(enrol([NOTHING]), key=key)
    answer = service.submit(enrol([NOTHING]), key=key)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("path", ["/v1/jobs?client_ref=x", "/v1/jobs/x", "/v1/capabilities", "/v1/jobs/x/outputs/0"])
def test_without_the_key_nothing_is_shown(service: Service, path: str) -> None:
    answer = service.call("GET", path, key="another-key")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "auth"


def test_unknown_job_is_not_found(service: Service) -> None:
    assert service.call("GET", f"/v1/jobs/{uuid.uuid4()}").status_code == 404
    assert service.call("POST", f"/v1/jobs/{uuid.uuid4()}/cancel").status_code == 404


def broken_requests() -> list[tuple[str, dict[str, Any]]]:
    return [
        ("an unknown kind", {**enrol([NOTHING]), "kind": "train"}),
        ("no photographs", enrol([])),
        ("an unknown field", {**enrol([NOTHING]), "extra": 1}),
        ("a digest that is none", enrol([{**NOTHING, "sha256": "xyz"}])),
        ("a file address", enrol([{**NOTHING, "url": "file:///etc/passwd"}])),
        ("a webhook to a file", enrol([NOTHING], webhook_url="file:///tmp/x")),
        ("an unknown format", generate([NOTHING], format="2:3")),
        ("a colour in words", generate([NOTHING], art={"colour": "red"})),
        ("a negative seed", generate([NOTHING], seed=-1)),
        ("no client_ref", {name: value for name, value in enrol([NOTHING]).items() if name != "client_ref"}),
    ]


@pytest.mark.parametrize(("what", "body"), broken_requests(), ids=lambda value: value if isinstance(value, str) else "")
def test_request_that_breaks_the_contract_is_refused(service: Service, what: str, body: dict[str, Any]) -> None:
    answer = service.submit(body)
    assert answer.status_code == 422, what
    assert answer.json()["error"]["code"] == "invalid_input"
    assert not contract.validator("JobRequest").is_valid(body)


def test_body_that_is_not_json_is_refused(service: Service) -> None:
    answer = service.call("POST", "/v1/jobs", content=b"{", headers={"idempotency-key": "k"})
    assert answer.status_code == 422
    assert service.call("POST", "/v1/jobs", json=enrol([NOTHING])).status_code == 422  # no Idempotency-Key
    huge = service.call("POST", "/v1/jobs", content=b" " * 1_100_000, headers={"idempotency-key": "k"})
    assert huge.status_code == 413


def test_capabilities_name_the_scenes_and_say_that_nothing_is_generated(service: Service) -> None:
    found = service.call("GET", "/v1/capabilities").json()
    assert found["generative"] is False
    assert found["idempotent_submit"] is True
    assert len(found["scenes"]) >= 10
    assert "riso" not in {scene["name"] for scene in found["scenes"]}  # print treatments hide the likeness
    assert {min(size["width"], size["height"]) for size in found["formats"].values()} == {1080}


def test_input_from_another_origin_is_never_fetched(service: Service) -> None:
    job = service.wait(service.submit(enrol([NOTHING])).json()["id"])
    assert job["status"] == "failed"
    assert job["error"]["code"] == "invalid_input"
    assert job["error"]["retryable"] is False


def test_input_with_another_digest_is_refused(service: Service, portal: Portal) -> None:
    given = portal.photograph("swapped", b"what was uploaded") | {"sha256": "1" * 64}
    job = service.wait(service.submit(enrol([given])).json()["id"])
    assert job["error"]["code"] == "invalid_input"


def test_cancel_ends_queued_jobs_at_once_and_running_ones_at_their_next_step(
    service: Service, portal: Portal, zara: dict[str, bytes]
) -> None:
    gate = threading.Event()
    slow = portal.photograph("slow", zara["portrait"] + b" ", gate=gate)
    running = service.submit(enrol([slow])).json()["id"]
    service.wait(running, "running")
    queued = service.submit(enrol([NOTHING])).json()["id"]
    assert service.call("POST", f"/v1/jobs/{queued}/cancel").json()["status"] == "canceled"
    assert service.call("POST", f"/v1/jobs/{running}/cancel").status_code == 202
    gate.set()
    assert service.wait(running)["status"] == "canceled"
    after = service.call("POST", f"/v1/jobs/{running}/cancel")  # an ended job stays as it is
    assert after.json()["status"] == "canceled"


def test_full_queue_asks_to_come_back_later(start: Callable[..., Service], portal: Portal) -> None:
    gate = threading.Event()
    service = start(GPU_SERVICE_QUEUE_LIMIT="1")
    running = service.submit(enrol([portal.photograph("held", b"held", gate=gate)])).json()["id"]
    service.wait(running, "running")
    service.submit(enrol([NOTHING]))
    answer = service.submit(enrol([NOTHING]))
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "capacity"
    assert int(answer.headers["retry-after"]) > 0
    gate.set()


def test_notices_are_signed_and_a_missed_one_comes_again_under_the_same_id(service: Service, portal: Portal) -> None:
    portal.notices.clear()
    portal.refuse_notices = 1
    body = enrol([NOTHING], webhook_url=f"{portal.origin}/hooks/gpu/secret/")
    job_id = service.submit(body).json()["id"]
    service.wait(job_id)
    for _ in range(100):
        if len(portal.notices) >= 3:
            break
        threading.Event().wait(0.1)
    ids = [notice_id for notice_id, _ in portal.notices]
    assert len(ids) == 3
    assert len(set(ids)) == 2  # one of the two was tried twice
    assert {message["type"] for _, message in portal.notices} == {"job.running", "job.failed"}
    for _, message in portal.notices:
        assert message["data"]["client_ref"] == body["client_ref"]
        assert contract.validator("Notice").is_valid(message)
