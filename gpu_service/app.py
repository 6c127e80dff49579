"""The HTTP side of the open contract."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from gpu_service import ENGINE, contract, vouchers
from gpu_service.errors import RequestRefused
from gpu_service.outputs import OutputFolder
from gpu_service.preview.catalogue import capabilities as engine_capabilities
from gpu_service.service import Service
from gpu_service.settings import Settings

MOST_BODY = 1024 * 1024


class Api:
    """The endpoints; every one but health asks for the bearer key."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._store = service.store
        self._settings: Settings = service.settings
        self._outputs = OutputFolder(service.settings.data)

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self._settings.key}".encode()):
            raise RequestRefused(401, "auth", "the bearer key is missing or wrong")

    async def submit(self, request: Request) -> Response:
        self._check_key(request)
        key = request.headers.get("idempotency-key", "")
        if not 1 <= len(key) <= 200:
            raise RequestRefused(422, "invalid_input", "Idempotency-Key must have 1 to 200 characters")
        body = contract.check_request(_parsed(await _body(request)))
        job, replayed = await run_in_threadpool(self._accept, key, body)
        headers = {"Idempotent-Replayed": "true"} if replayed else None
        return JSONResponse(job, 200 if replayed else 202, headers)

    def _accept(self, key: str, body: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        job, replayed = self._store.submit(
            key=key,
            request=body,
            request_sha256=contract.digest(body),
            permission=lambda: self._voucher(body),
            queue_limit=self._settings.queue_limit,
        )
        if not replayed:
            self._service.wake_slots()
        return job, replayed

    def _voucher(self, body: dict[str, Any]) -> vouchers.Voucher | None:
        """The voucher of a generate job; None for an enrolment or when no voucher keys are set."""
        if body["kind"] != "generate" or not self._settings.voucher_keys:
            return None
        given = body["input"]
        return vouchers.verify(
            given.get("voucher"),
            keys=self._settings.voucher_keys,
            twin_ref=given["twin_ref"],
            purpose=given.get("purpose", "generate"),
            now=datetime.now(UTC),
        )

    def find(self, request: Request) -> Response:
        self._check_key(request)
        client_ref = request.query_params.get("client_ref")
        if not client_ref:
            raise RequestRefused(422, "invalid_input", "client_ref is missing")
        return JSONResponse({"jobs": self._store.find(client_ref)})

    def get(self, request: Request) -> Response:
        self._check_key(request)
        return JSONResponse(self._store.get(request.path_params["id"]))

    def cancel(self, request: Request) -> Response:
        self._check_key(request)
        job = self._store.request_cancel(request.path_params["id"])
        self._service.wake_notices()
        return JSONResponse(job, 202)

    def output(self, request: Request) -> Response:
        self._check_key(request)
        job = self._store.get(request.path_params["id"])
        if request.path_params["index"] >= len(job["outputs"]):
            raise RequestRefused(404, "not_found", "no such output")
        path = self._outputs.path(job["id"])
        if not path.exists():
            raise RequestRefused(410, "output_expired", "the picture was kept long enough and is gone")
        return FileResponse(path, media_type="image/png")

    def artefact(self, request: Request) -> Response:
        self._check_key(request)
        job = self._store.get(request.path_params["id"])
        if request.path_params["index"] >= len(job["artefacts"]):
            raise RequestRefused(404, "not_found", "no such artefact")
        path = self._outputs.artefact(job["id"])
        if not path.exists():
            raise RequestRefused(410, "output_expired", "the artefact was kept long enough and is gone")
        return FileResponse(path, media_type="application/octet-stream")

    def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "engine": ENGINE, "slots": self._settings.slots, **self._store.counts()})

    def capabilities(self, request: Request) -> Response:
        self._check_key(request)
        return JSONResponse(
            {
                "kinds": ["enrol", "generate"],
                "idempotent_submit": True,
                "signed_webhook": True,
                **engine_capabilities(),
            }
        )

    def routes(self) -> list[Route]:
        return [
            Route("/v1/jobs", self.submit, methods=["POST"]),
            Route("/v1/jobs", self.find, methods=["GET"]),
            Route("/v1/jobs/{id}", self.get, methods=["GET"]),
            Route("/v1/jobs/{id}/cancel", self.cancel, methods=["POST"]),
            Route("/v1/jobs/{id}/outputs/{index:int}", self.output, methods=["GET"]),
            Route("/v1/jobs/{id}/artefacts/{index:int}", self.artefact, methods=["GET"]),
            Route("/v1/health", self.health, methods=["GET"]),
            Route("/v1/capabilities", self.capabilities, methods=["GET"]),
        ]


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BODY:
            raise RequestRefused(413, "too_large", "a request may have 1 MB")
    return bytes(content)


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError as error:
        raise RequestRefused(422, "invalid_input", "the body is not JSON") from error


def _refusal(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestRefused):
        raise error
    body = {"error": {"code": error.code, "message": error.message}}
    return JSONResponse(body, error.status, error.headers)


def create_app(settings: Settings) -> Starlette:
    """The application; its lifespan starts and stops the slots and the notices."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        service.start()
        yield
        await run_in_threadpool(service.stop)

    return Starlette(routes=Api(service).routes(), lifespan=lifespan, exception_handlers={RequestRefused: _refusal})
