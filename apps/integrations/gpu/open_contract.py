"""The open contract over HTTP (gpu_service/openapi.yaml): spoken by the preview service and any self-hosted GPU box."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from apps.common.money import Money
from apps.integrations.gpu.breaker import Breaker
from apps.integrations.gpu.errors import (
    BadAnswer,
    BadSignature,
    Busy,
    OutputGone,
    Rejected,
    SubmitUnknown,
    UnknownJob,
    Unreachable,
)
from apps.integrations.gpu.types import (
    Capabilities,
    ErrorCode,
    JobSpec,
    Metrics,
    RemoteArtefact,
    RemoteError,
    RemoteHandle,
    RemoteOutput,
    RemoteState,
    RemoteStatus,
    Scene,
    WebhookEvent,
)

TIMES = httpx.Timeout(30, connect=5)  # seconds
# What a refused submission means. 409 is not here: the same key came before with another body (signed addresses
# differ each time), so that job exists and is found by its reference.
REFUSED = {
    401: ErrorCode.AUTH,
    402: ErrorCode.QUOTA,
    403: ErrorCode.AUTH,
    413: ErrorCode.INVALID_INPUT,
    422: ErrorCode.INVALID_INPUT,
}
ARTEFACT_KINDS = frozenset({"weights", "measurements"})
ARTEFACT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
# Raised before a byte of the request left, so that nothing can have been accepted.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class OpenContractEngine:
    """One service that keeps the open contract. Safe to share between threads."""

    name = "open"

    def __init__(self, *, url: str, key: str, webhook_secret: str, breaker: Breaker) -> None:
        self._client = httpx.Client(base_url=url, timeout=TIMES, headers={"Authorization": f"Bearer {key}"})
        self._webhook = Webhook(webhook_secret)
        self._breaker = breaker

    def close(self) -> None:
        """Give back the connections; the engine is of no use afterwards."""
        self._client.close()

    def submit(self, spec: JobSpec, *, idempotency_key: str) -> RemoteHandle:
        try:
            answer = self._send("POST", "/v1/jobs", json=spec.as_json(), headers={"Idempotency-Key": idempotency_key})
        except NEVER_SENT as error:
            raise Unreachable(f"no connection to the GPU service: {error}") from error
        except httpx.HTTPError as error:
            raise SubmitUnknown(f"no answer to a submission: {error}") from error
        if answer.status_code in {200, 202}:
            return _accepted(answer)
        if answer.status_code == 429:
            raise Busy("the queue of the GPU service is full", retry_after=_retry_after(answer))
        if answer.status_code in REFUSED:
            raise Rejected(REFUSED[answer.status_code], _refusal(answer))
        raise SubmitUnknown(f"a submission was answered with {answer.status_code}: {_refusal(answer)}")

    def fetch(self, handle: RemoteHandle) -> RemoteState:
        return _state(self._ask("GET", f"/v1/jobs/{handle.id}"))

    def cancel(self, handle: RemoteHandle) -> None:
        self._ask("POST", f"/v1/jobs/{handle.id}/cancel")

    def find_by_ref(self, client_ref: str) -> RemoteHandle | None:
        jobs = _field(self._ask("GET", "/v1/jobs", params={"client_ref": client_ref}), "jobs")
        return RemoteHandle(id=_field(jobs[0], "id")) if jobs else None

    def capabilities(self) -> Capabilities:
        return _capabilities(self._ask("GET", "/v1/capabilities"))

    def download(self, output: RemoteOutput, *, limit: int) -> bytes:
        content = bytearray()
        self._fetch_file(output.url, content.extend, limit)
        return bytes(content)

    def download_artefact(self, artefact: RemoteArtefact, take: Callable[[bytes], object], *, limit: int) -> None:
        digest = hashlib.sha256()

        def counted(piece: bytes) -> None:
            digest.update(piece)
            take(piece)

        self._fetch_file(artefact.url, counted, limit)
        if digest.hexdigest() != artefact.sha256:
            raise BadAnswer("an artefact does not have the digest that was announced")

    def _fetch_file(self, url: str, take: Callable[[bytes], object], limit: int) -> None:
        """What a job made, piece by piece, from the service itself and from nowhere else."""
        if not url.startswith("/") or url.startswith("//"):
            raise BadAnswer("a file is not at the GPU service itself")
        self._breaker.check()
        try:
            with self._client.stream("GET", url) as answer:
                self._count(answer.status_code)
                if answer.status_code in {404, 410}:
                    raise OutputGone("the file is gone")
                if answer.status_code != 200:
                    raise Unreachable(f"a file was answered with {answer.status_code}")
                _limited(answer, take, limit)
        except httpx.HTTPError as error:
            self._breaker.failure()
            raise Unreachable(f"a file could not be fetched: {error}") from error

    def parse_webhook(self, headers: Mapping[str, str], raw: bytes) -> WebhookEvent:
        try:
            self._webhook.verify(raw, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError) as error:  # ValueError: a signature or body that is not even text
            raise BadSignature(str(error)) from error
        event_id = next(value for name, value in headers.items() if name.lower() == "webhook-id")
        try:
            notice = json.loads(raw)
            return WebhookEvent(id=event_id, type=notice["type"], handle=RemoteHandle(id=notice["data"]["id"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BadAnswer("a signed notice does not keep the contract") from error

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """One call. Raises httpx errors after counting them; Unreachable at once while the circuit is open."""
        self._breaker.check()
        try:
            answer = self._client.request(method, path, **arguments)
        except httpx.HTTPError:
            self._breaker.failure()
            raise
        self._count(answer.status_code)
        return answer

    def _count(self, status: int) -> None:
        if status >= 500:
            self._breaker.failure()
        else:
            self._breaker.success()

    def _ask(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        """A call that may be repeated at will."""
        try:
            answer = self._send(method, path, **arguments)
        except httpx.HTTPError as error:
            raise Unreachable(f"no answer from the GPU service: {error}") from error
        if answer.status_code == 404:
            raise UnknownJob(_refusal(answer))
        if not answer.is_success:
            raise Unreachable(f"the GPU service answered {answer.status_code}: {_refusal(answer)}")
        return _body(answer)


def _accepted(answer: httpx.Response) -> RemoteHandle:
    try:
        return RemoteHandle(id=_field(_body(answer), "id"))
    except BadAnswer as error:
        raise SubmitUnknown(f"a submission was accepted in words we do not know: {error}") from error


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise BadAnswer("the GPU service did not answer JSON") from error
    if not isinstance(body, dict):
        raise BadAnswer("the GPU service did not answer an object")
    return body


def _field(body: Mapping[str, Any], name: str) -> Any:
    try:
        return body[name]
    except (KeyError, TypeError) as error:
        raise BadAnswer(f"the answer of the GPU service lacks {name}") from error


def _refusal(answer: httpx.Response) -> str:
    """The reason in a refusal; its beginning as it came where it does not keep the contract."""
    try:
        return str(answer.json()["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]


def _retry_after(answer: httpx.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else 10


def _limited(answer: httpx.Response, take: Callable[[bytes], object], limit: int) -> None:
    size = 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > limit:
            raise BadAnswer(f"a file has more than {limit} bytes")
        take(piece)


def _state(body: Mapping[str, Any]) -> RemoteState:
    try:
        error, metrics = body["error"], body["metrics"]
        return RemoteState(
            handle=RemoteHandle(id=body["id"]),
            status=RemoteStatus(body["status"]),
            progress=float(body["progress"]),
            error=RemoteError(ErrorCode(error["code"]), error["message"], error["retryable"]) if error else None,
            outputs=tuple(
                RemoteOutput(o["url"], o["sha256"], o["content_type"], o["bytes"], o["width"], o["height"])
                for o in body["outputs"]
            ),
            artefacts=tuple(_artefact(artefact) for artefact in body["artefacts"]),
            result=body["result"] or {},
            metrics=Metrics(
                gpu_seconds=metrics["gpu_seconds"],
                queue_seconds=metrics["queue_seconds"],
                energy_wh=metrics["energy_wh"],
                cost=Money(metrics["cost"]["amount_minor"], metrics["cost"]["currency"]),
            ),
        )
    except (KeyError, TypeError, ValueError) as cause:
        raise BadAnswer(f"a job view does not keep the contract: {cause!r}") from cause


def _artefact(told: Mapping[str, Any]) -> RemoteArtefact:
    """Name and kind become part of a path in a person's archive: they are held to the contract's words."""
    if told["kind"] not in ARTEFACT_KINDS or not ARTEFACT_NAME.fullmatch(told["name"]):
        raise ValueError("an artefact of unknown kind or name")
    return RemoteArtefact(
        url=told["url"],
        sha256=told["sha256"],
        content_type=told["content_type"][:80],
        size=int(told["bytes"]),
        name=told["name"],
        kind=told["kind"],
        note=told["note"][:300],
    )


def _capabilities(body: Mapping[str, Any]) -> Capabilities:
    try:
        return Capabilities(
            engine=body["engine"],
            kinds=tuple(body["kinds"]),
            generative=body["generative"],
            idempotent_submit=body["idempotent_submit"],
            signed_webhook=body["signed_webhook"],
            scenes=tuple(
                Scene(
                    name=s["name"],
                    title=s["title"],
                    crops=tuple(s["crops"]),
                    colour=s["colour"],
                    light=s["light"],
                    product=s["product"],
                    formats=tuple(s["formats"]),
                )
                for s in body["scenes"]
            ),
        )
    except (KeyError, TypeError) as cause:
        raise BadAnswer(f"the capabilities do not keep the contract: {cause!r}") from cause
