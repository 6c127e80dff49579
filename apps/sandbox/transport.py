"""The stand-in as an HTTP client of the SDK: the SDK's own encoding, errors and signatures run unchanged."""

from collections.abc import Mapping
from typing import Any

import stripe
from requests.structures import CaseInsensitiveDict

from apps.common.canonical import canonical_json
from apps.sandbox import guard, server, wire


class SandboxForbidden(RuntimeError):
    """The stand-in was asked to run where real money is, or in the open."""


class SandboxHTTPClient(stripe.HTTPClient):
    name = "sandbox"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        objections = guard.objections()
        if objections:
            raise SandboxForbidden(" ".join(objections))
        try:
            answer = server.call(wire.read(method, url, headers or {}, post_data))
        except server.NoAnswer as error:
            raise stripe.APIConnectionError("The stand-in did not answer", should_retry=True) from error
        extra = {"Idempotent-Replayed": "true"} if answer.replayed else {}
        return canonical_json(answer.body).decode(), answer.status, CaseInsensitiveDict(extra)

    def close(self) -> None:
        """Nothing is kept open."""
