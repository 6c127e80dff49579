"""What the tests of the picture service share: the service as a real process, and a portal to talk to it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks.webhooks import Webhook

from config.local.ports import free_port
from gpu_service import contract

KEY = "a-key-for-tests"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes for the tests!!").decode()
ROOT = Path(__file__).resolve().parents[2]


class Portal:
    """A small HTTP server that plays the portal: serves inputs, takes notices."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.gates: dict[str, threading.Event] = {}
        self.notices: list[tuple[str, dict[str, Any]]] = []
        self.refuse_notices = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _handler(portal) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                """Silent: the tests read what was recorded."""

            def do_GET(self) -> None:
                gate = portal.gates.get(self.path)
                if gate is not None:
                    gate.wait(60)
                content = portal.files.get(self.path)
                self.send_response(200 if content is not None else 404)
                self.send_header("content-length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                message = Webhook(WEBHOOK_SECRET).verify(raw, headers)
                refused = portal.refuse_notices > 0
                portal.refuse_notices -= 1 if refused else 0
                portal.notices.append((headers["webhook-id"], message))
                self.send_response(500 if refused else 204)
                self.send_header("content-length", "0")
                self.end_headers()

        return Handler

    def photograph(self, ref: str, content: bytes, *, gate: threading.Event | None = None) -> dict[str, str]:
        """Serve a photograph; with a gate it is only handed out once the gate opens."""
        path = f"/{ref}-{uuid.uuid4().hex[:8]}"
        self.files[path] = content
        if gate is not None:
            self.gates[path] = gate
        return {"ref": ref, "url": self.origin + path, "sha256": hashlib.sha256(content).hexdigest()}

    def close(self) -> None:
        for gate in self.gates.values():
            gate.set()
        self._server.shutdown()
        self._server.server_close()


class Service:
    """The service as its own process; every answer it gives is held to openapi.yaml."""

    def __init__(self, data: Path, *, origins: str, slots: int = 1, **environment: str) -> None:
        self.data = data
        self._environment = {
            **os.environ,
            "GPU_SERVICE_KEY": KEY,
            "GPU_SERVICE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "GPU_SERVICE_INPUT_ORIGINS": origins,
            "GPU_SERVICE_SLOTS": str(slots),
            **environment,
        }
        self.start()

    def start(self) -> None:
        self.port = free_port()
        started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gpu_service", "--port", str(self.port), "--data", str(self.data)],
            cwd=ROOT,
            env=self._environment,
        )
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"authorization": f"Bearer {KEY}"}, timeout=20
        )
        while True:
            try:
                self.client.get("/v1/health")
                break
            except httpx.TransportError:
                assert time.monotonic() - started < 20, "the service did not start"
                time.sleep(0.05)
        self.start_seconds = time.monotonic() - started

    def kill(self) -> None:
        """As the power going away would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.client.close()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=40)
        self.client.close()
        return status

    def call(self, method: str, path: str, *, key: str = KEY, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}", **options.pop("headers", {})}
        answer = self.client.request(method, path, headers=headers, **options)
        held_to_contract(method, path, answer)
        return answer

    def submit(self, body: dict[str, Any], *, key: str | None = None) -> httpx.Response:
        return self.call("POST", "/v1/jobs", json=body, headers={"idempotency-key": key or uuid.uuid4().hex})

    def job(self, job_id: str) -> dict[str, Any]:
        view: dict[str, Any] = self.call("GET", f"/v1/jobs/{job_id}").json()
        return view

    def wait(self, job_id: str, *statuses: str, seconds: float = 90) -> dict[str, Any]:
        wanted = statuses or ("succeeded", "failed", "canceled")
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            view = self.job(job_id)
            if view["status"] in wanted:
                return view
            time.sleep(0.1)
        raise AssertionError(f"the job is still {view['status']}, not one of {wanted}")


def documented(method: str, path: str) -> dict[str, Any] | None:
    """The operation of the contract for a real path, or None."""
    for template, operations in contract.document()["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path.split("?")[0]):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None


def held_to_contract(method: str, path: str, answer: httpx.Response) -> None:
    """The status is one that the contract names, and the body is what it says of that status."""
    operation = documented(method, path)
    assert operation is not None, f"{method} {path} is not in the contract"
    response = operation["responses"].get(str(answer.status_code))
    assert response is not None, f"{method} {path} answered {answer.status_code}, which the contract does not name"
    if "$ref" in response:
        response = contract.document()["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    content = response["content"]
    kind = answer.headers["content-type"].split(";")[0]
    assert kind in content
    schema = content[kind].get("schema")
    if schema is not None:
        whole = {**schema, "components": contract.document()["components"]}
        faults = list(type(contract.validator("Job"))(whole).iter_errors(answer.json()))
        assert not faults, faults[0].message


def voucher(signer: Ed25519PrivateKey, *, twin: str, candidates: int = 5, **changes: Any) -> str:
    """A voucher as the portal signs it."""
    payload = {
        "v": 2,
        "id": changes.pop("id", str(uuid.uuid4())),
        "subject": f"booking:{uuid.uuid4()}",
        "twin": twin,
        "purposes": ["generate"],
        "pictures": 1,
        "candidates": candidates,
        "ends": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        **changes,
    }
    raw = json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (raw, signer.sign(raw)))


def enrol(photographs: list[dict[str, str]], **changes: Any) -> dict[str, Any]:
    return {
        "kind": "enrol",
        "client_ref": f"attempt:{uuid.uuid4()}",
        "webhook_url": None,
        "input": {"twin_ref": "twin:zara", "photographs": photographs},
        **changes,
    }


def generate(photographs: list[dict[str, str]], scene: str = "mono", **given: Any) -> dict[str, Any]:
    return {
        "kind": "generate",
        "client_ref": f"attempt:{uuid.uuid4()}",
        "webhook_url": None,
        "input": {
            "twin_ref": "twin:zara",
            "photographs": photographs,
            "scene": scene,
            "format": "4:5",
            "art": {"colour": None, "light": None, "crop": None},
            "brief": "",
            "product": None,
            "seed": 7,
            "voucher": None,
            **given,
        },
    }
