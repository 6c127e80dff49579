"""A GPU service in this process, over real HTTP, held to the published contract.

Every request of ours and every answer of its own is checked against gpu_service/openapi.yaml; a breach of either side
makes the test fail at its end. What goes wrong is scripted by the test.
"""

import hashlib
import io
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
from django.conf import settings
from jsonschema import Draft202012Validator
from PIL import Image
from standardwebhooks.webhooks import Webhook

CONTRACT = Path(__file__).parents[2] / "gpu_service"
SIZES = {"4:5": (1080, 1350), "1:1": (1080, 1080), "9:16": (1080, 1920), "16:9": (1920, 1080)}
METRICS = {"gpu_seconds": 1.5, "queue_seconds": 0.2, "energy_wh": None, "cost": {"amount_minor": 0, "currency": "EUR"}}


@lru_cache(maxsize=1)
def contract() -> dict[str, Any]:
    return yaml.safe_load((CONTRACT / "openapi.yaml").read_text())


def breaches(schema: str | dict[str, Any], value: object) -> list[str]:
    """What is wrong with a value by the contract; `schema` is a name of it or a piece of it."""
    rule = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
    validator = Draft202012Validator({**rule, "components": contract()["components"]})
    return [f"{schema}: {error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def answer_schema(path: str, method: str, status: int) -> dict[str, Any] | None:
    """The published schema of an answer; None where the contract says it has no JSON body."""
    answer = contract()["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = contract()["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
    return answer["content"].get("application/json", {}).get("schema")


@dataclass
class Job:
    """One job at the fake. `pictures` are what it delivers, `claims` overrides what it says about them."""

    request: dict[str, Any]
    key: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "queued"
    progress: float = 0
    error: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    pictures: list[bytes] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    artefacts: list[tuple[bytes, dict[str, Any]]] = field(default_factory=list)

    def view(self) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        return {
            "id": self.id,
            "kind": self.request["kind"],
            "client_ref": self.request["client_ref"],
            "status": self.status,
            "progress": self.progress,
            "error": self.error,
            "outputs": [self._output(number) for number in range(len(self.pictures))],
            "artefacts": [self._artefact(number) for number in range(len(self.artefacts))],
            "result": self.result,
            "metrics": METRICS,
            "created_at": now,
            "updated_at": now,
        }

    def _output(self, number: int) -> dict[str, Any]:
        data = self.pictures[number]
        width, height = SIZES[self.request["input"]["format"]]
        return {
            "url": f"/v1/jobs/{self.id}/outputs/{number}",
            "sha256": hashlib.sha256(data).hexdigest(),
            "content_type": "image/png",
            "bytes": len(data),
            "width": width,
            "height": height,
        } | self.claims

    def _artefact(self, number: int) -> dict[str, Any]:
        data, claims = self.artefacts[number]
        return {
            "url": f"/v1/jobs/{self.id}/artefacts/{number}",
            "sha256": hashlib.sha256(data).hexdigest(),
            "content_type": "application/octet-stream",
            "bytes": len(data),
            "name": f"artefact-{number}.bin",
            "kind": "weights",
            "note": "What the fake says it trained.",
        } | claims

    def succeed(self, *pictures: bytes, **claims: Any) -> None:
        self.status, self.progress, self.pictures, self.claims = "succeeded", 1, list(pictures), claims
        self.result = {
            "engine": "fake/1",
            "generative": False,
            "scene": self.request["input"]["scene"],
            "likeness_before_print": None,
            "source_refs": [photograph["ref"] for photograph in self.request["input"]["photographs"]],
        }

    def enrolled(self, problems: dict[str, str] | None = None) -> None:
        """Report every photograph as good, except those named (by place) with their problem."""
        self.status, self.progress = "succeeded", 1
        quality = {"sharpness": 90.0, "brightness": 0.5, "yaw": 1.0, "roll": 0.5, "score": 0.9}
        views = {"width": 1024, "height": 1024, "kind": "portrait"}
        self.result = {
            "photographs": [
                {"ref": p["ref"], "faces": 1, "quality": quality, "views": views, "problem": (problems or {}).get(i)}
                for i, p in enumerate(self.request["input"]["photographs"])
            ]
        }

    def fail(self, code: str, *, retryable: bool = False) -> None:
        self.status, self.error = "failed", {"code": code, "message": f"said {code}", "retryable": retryable}


class FakeGpu:
    """`faults` are taken one per submission: "busy", "down" (no answer, nothing taken), "lost" (taken, but the answer
    never comes), "server_error" (taken, then 500), "invalid", "forbidden"."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.faults: list[str] = []
        self.problems: list[str] = []
        self.posts = 0
        self.cancelled: list[str] = []
        self.before_answer: Callable[[Job], None] | None = None
        self.slow = 0.0
        self.lock = threading.Lock()
        self.url = ""

    @property
    def job(self) -> Job:
        """The only job there is."""
        (job,) = self.jobs.values()
        return job

    @property
    def newest(self) -> Job:
        return list(self.jobs.values())[-1]

    def notice(self, job: Job, *, secret: str | None = None, event_id: str = "") -> tuple[bytes, dict[str, str]]:
        """A signed notice of the job as it stands: body and headers."""
        now = datetime.now(UTC)
        notice = {"type": f"job.{job.status}", "timestamp": now.isoformat(), "data": job.view()}
        self.problems += breaches("Notice", notice)
        body = json.dumps(notice)
        event_id = event_id or f"msg_{job.id}_{job.status}"
        signature = Webhook(secret or settings.GPU_SERVICE_WEBHOOK_SECRET).sign(event_id, now, body)
        headers = {
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        return body.encode(), headers

    def take(self, key: str, request: dict[str, Any]) -> tuple[Job | None, int]:
        with self.lock:
            known = next((job for job in self.jobs.values() if job.key == key), None)
            if known is None:
                job = self.jobs[key] = Job(request=request, key=key)
                return job, 202
            return (known, 200) if known.request == request else (None, 409)

    def by_id(self, job_id: str) -> Job | None:
        return next((job for job in self.jobs.values() if job.id == job_id), None)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gpu: FakeGpu

    def log_message(self, *arguments: Any) -> None:
        return

    def answer(self, path: str, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        schema = answer_schema(path, self.command.lower(), status)
        if schema is not None:
            self.gpu.problems += breaches(schema, body)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, path: str, status: int, code: str, **headers: str) -> None:
        self.answer(path, status, {"error": {"code": code, "message": f"refused: {code}"}}, headers)

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if path.endswith("/cancel"):
            job = self.gpu.by_id(path.split("/")[3])
            assert job is not None
            self.gpu.cancelled.append(job.id)
            if job.status in {"queued", "running"}:
                job.status = "canceled"
            self.answer("/v1/jobs/{id}/cancel", 202, job.view())
            return
        self.submit(json.loads(raw))

    def submit(self, request: dict[str, Any]) -> None:
        gpu = self.gpu
        gpu.posts += 1
        gpu.problems += breaches("JobRequest", request)
        key = self.headers.get("Idempotency-Key") or ""
        if not key or self.headers.get("Authorization") != f"Bearer {settings.GPU_SERVICE_KEY}":
            gpu.problems.append("a submission came without a key")
        time.sleep(gpu.slow)
        fault = gpu.faults.pop(0) if gpu.faults else ""
        if fault == "busy":
            self.refuse("/v1/jobs", 429, "capacity", **{"Retry-After": "7"})
        elif fault in {"invalid", "forbidden"}:
            self.refuse("/v1/jobs", 422 if fault == "invalid" else 403, "invalid_input")
        elif fault == "down":
            self.close_connection = True
        else:
            job, status = gpu.take(key, request)
            if fault == "lost":
                self.close_connection = True
            elif fault == "server_error":
                self.send_error(500)
            elif job is None:
                self.refuse("/v1/jobs", status, "idempotency_key_reused")
            else:
                if gpu.before_answer:
                    gpu.before_answer(job)
                self.answer("/v1/jobs", status, job.view(), {"Idempotent-Replayed": "true"} if status == 200 else {})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        steps = parts.path.strip("/").split("/")
        if parts.path == "/v1/jobs":
            (ref,) = parse_qs(parts.query)["client_ref"]
            found = [job.view() for job in self.gpu.jobs.values() if job.request["client_ref"] == ref]
            self.answer("/v1/jobs", 200, {"jobs": found[::-1]})
        elif parts.path == "/v1/capabilities":
            self.answer("/v1/capabilities", 200, CAPABILITIES)
        elif len(steps) == 5 and steps[3] == "artefacts":
            self.artefact(self.gpu.by_id(steps[2]), int(steps[4]))
        elif len(steps) == 5:
            self.output(self.gpu.by_id(steps[2]), int(steps[4]))
        else:
            job = self.gpu.by_id(steps[2])
            if job is None:
                self.refuse("/v1/jobs/{id}", 404, "not_found")
            else:
                self.answer("/v1/jobs/{id}", 200, job.view())

    def artefact(self, job: Job | None, number: int) -> None:
        path = "/v1/jobs/{id}/artefacts/{index}"
        if job is None or number >= len(job.artefacts):
            self.refuse(path, 410, "output_expired")
        else:
            self.answer(path, 200, job.artefacts[number][0])

    def output(self, job: Job | None, number: int) -> None:
        if job is None or number >= len(job.pictures):
            self.refuse("/v1/jobs/{id}/outputs/{index}", 410, "output_expired")
        else:
            self.answer("/v1/jobs/{id}/outputs/{index}", 200, job.pictures[number])


CAPABILITIES = {
    "kinds": ["enrol", "generate"],
    "engine": "fake/1",
    "generative": False,
    "idempotent_submit": True,
    "signed_webhook": True,
    "scenes": [
        {
            "name": "block",
            "title": "Colour block",
            "crops": ["full", "three_quarter"],
            "colour": True,
            "light": True,
            "product": False,
            "formats": list(SIZES),
        }
    ],
    "formats": {name: {"width": width, "height": height} for name, (width, height) in SIZES.items()},
}


@contextmanager
def fake_gpu() -> Iterator[FakeGpu]:
    """A running fake. Fails at the end with everything that either side said against the contract."""
    gpu = FakeGpu()
    handler = type("BoundHandler", (Handler,), {"gpu": gpu})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    gpu.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield gpu
    finally:
        server.shutdown()
        server.server_close()
    assert not gpu.problems, gpu.problems


def png(size: tuple[int, int], colour: str = "grey") -> bytes:
    """A picture without anybody in it."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()
