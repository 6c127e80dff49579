"""What travels between the SDK and the stand-in: requests, answers, errors, and Stripe's encodings."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from apps.common.canonical import canonical_json, sha256_hex

JSON = dict[str, Any]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: JSON
    key: str = ""

    @property
    def fingerprint(self) -> str:
        """What is compared when a key comes twice."""
        return sha256_hex(canonical_json([self.method, self.path, self.params]))


@dataclass(frozen=True)
class Answer:
    status: int
    body: JSON
    replayed: bool = False


class ApiError(Exception):
    """An error as Stripe words it. `saved`: the call had begun, so v1 keeps this answer under the key."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        param: str = "",
        status: int = 400,
        kind: str = "invalid_request_error",
        saved: bool = True,
    ) -> None:
        super().__init__(message)
        error = {"type": kind, "message": message, "code": code, "param": param}
        self.answer = Answer(status, {"error": {name: value for name, value in error.items() if value}})
        self.saved = saved


def invalid(message: str, *, param: str, code: str = "parameter_invalid") -> ApiError:
    """Refused before anything began; v1 saves no answer for it."""
    return ApiError(message, code=code, param=param, saved=False)


def read(method: str, url: str, headers: Mapping[str, str], body: str | bytes | None) -> Request:
    """The request that the SDK would have put on the wire."""
    parts = urlsplit(url)
    text = body.decode() if isinstance(body, bytes) else body or ""
    if is_v2(parts.path) and text:
        return Request(method.upper(), parts.path, json.loads(text), headers.get("Idempotency-Key", ""))
    pairs = parse_qsl(parts.query, keep_blank_values=True) + parse_qsl(text, keep_blank_values=True)
    return Request(method.upper(), parts.path, decode(pairs), headers.get("Idempotency-Key", ""))


def is_v2(path: str) -> bool:
    """v2 takes JSON where v1 takes a form, and forgets errors where v1 keeps them under the key."""
    return path.startswith("/v2/")


def decode(pairs: list[tuple[str, str]]) -> JSON:
    """`a[b][0][c]=1` as nested objects and lists."""
    tree: JSON = {}
    for name, value in pairs:
        *path, last = re.findall(r"[^\[\]]+", name)
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
        branch[last] = value
    return {name: _lists(value) for name, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    branch = {name: _lists(inner) for name, inner in value.items()}
    if branch and all(name.isdigit() for name in branch):
        return [branch[name] for name in sorted(branch, key=int)]
    return branch


def seconds(at: datetime) -> int:
    """A moment as v1 writes it."""
    return int(at.timestamp())
