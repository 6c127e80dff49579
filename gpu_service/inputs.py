"""Fetching the inputs of a job: only from allowed origins, only the bytes that were named.

Files are cached under their SHA-256, so a photograph travels once, not once per candidate.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import httpx

from gpu_service.errors import JobFailed
from gpu_service.settings import BadSettings, origin_of

MOST_BYTES = 40 * 1024 * 1024
TIMES = httpx.Timeout(30, connect=5)


class InputFetcher:
    """Fetches and keeps inputs below ``data/inputs``."""

    def __init__(self, data: Path, origins: frozenset[str]) -> None:
        self._folder = data / "inputs"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._origins = origins

    def fetch(self, *, url: str, sha256: str) -> Path:
        """The file with this digest; raises JobFailed (invalid_input, or provider when it may come later)."""
        path = self.kept(sha256)
        if path.exists():
            os.utime(path)
            return path
        content = self._download(url)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise JobFailed("invalid_input", "an input does not have the digest that was named")
        partial = path.with_name(f"{sha256}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(path)
        return path

    def kept(self, sha256: str) -> Path:
        """Where a file that was fetched before lies, as long as it is kept."""
        return self._folder / sha256

    def _download(self, url: str) -> bytes:
        try:
            origin = origin_of(url)
        except (BadSettings, ValueError) as error:
            raise JobFailed("invalid_input", "an input address is not readable") from error
        if origin not in self._origins:
            raise JobFailed("invalid_input", f"inputs are not fetched from {origin}")
        try:
            with httpx.stream("GET", url, timeout=TIMES, follow_redirects=False) as answer:
                return _content(answer)
        except httpx.TransportError as error:
            raise JobFailed("provider", f"an input could not be fetched: {error}", retryable=True) from error


def _content(answer: httpx.Response) -> bytes:
    if answer.status_code >= 500:
        raise JobFailed("provider", f"an input answered {answer.status_code}", retryable=True)
    if answer.status_code != 200:
        raise JobFailed("invalid_input", f"an input answered {answer.status_code}")
    content = bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            raise JobFailed("invalid_input", "an input is larger than 40 MB")
    return bytes(content)
