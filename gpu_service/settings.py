"""Settings of the service, read once from the environment. Every one has a name in README.md."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class BadSettings(Exception):
    """The environment lacks a setting or holds one that cannot be read."""


@dataclass(frozen=True)
class Settings:
    """Times are in seconds, sizes in bytes."""

    data: Path
    key: str
    webhook_secret: str
    voucher_keys: tuple[bytes, ...]
    input_origins: frozenset[str]
    slots: int
    queue_limit: int
    job_timeout: float
    grace: float
    output_hours: float
    cache_hours: float

    @classmethod
    def from_environment(cls, data: Path, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; raises BadSettings when the key or the webhook secret is missing."""
        for name in ("GPU_SERVICE_KEY", "GPU_SERVICE_WEBHOOK_SECRET"):
            if not environment.get(name):
                raise BadSettings(f"{name} is not set")
        return cls(
            data=data,
            key=environment["GPU_SERVICE_KEY"],
            webhook_secret=environment["GPU_SERVICE_WEBHOOK_SECRET"],
            voucher_keys=tuple(_public_key(k) for k in _listed(environment, "GPU_SERVICE_VOUCHER_KEYS")),
            input_origins=frozenset(origin_of(o) for o in _listed(environment, "GPU_SERVICE_INPUT_ORIGINS")),
            slots=_number(environment, "GPU_SERVICE_SLOTS", 2, lowest=1),
            queue_limit=_number(environment, "GPU_SERVICE_QUEUE_LIMIT", 500, lowest=1),
            job_timeout=_number(environment, "GPU_SERVICE_JOB_TIMEOUT", 600, lowest=1),
            grace=_number(environment, "GPU_SERVICE_GRACE", 20, lowest=0),
            output_hours=_number(environment, "GPU_SERVICE_OUTPUT_HOURS", 24, lowest=1),
            cache_hours=_number(environment, "GPU_SERVICE_CACHE_HOURS", 72, lowest=1),
        )


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, in one comparable form; raises BadSettings for anything else."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSettings(f"not an http origin: {url!r}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _listed(environment: Mapping[str, str], name: str) -> list[str]:
    return [item.strip() for item in environment.get(name, "").split(",") if item.strip()]


def _number(environment: Mapping[str, str], name: str, default: int, *, lowest: int) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isdigit() or int(text) < lowest:
        raise BadSettings(f"{name} must be a whole number of at least {lowest}")
    return int(text)


def _public_key(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise BadSettings("GPU_SERVICE_VOUCHER_KEYS holds something that is not base64url") from error
    if len(raw) != 32:
        raise BadSettings("a voucher key must be a raw Ed25519 public key of 32 bytes")
    return raw
