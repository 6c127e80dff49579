"""The contract file, ``openapi.yaml``, as the service itself uses it to check requests."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from gpu_service.errors import RequestRefused

CONTRACT_FILE = Path(__file__).with_name("openapi.yaml")


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=16)
def validator(schema: str) -> Draft202012Validator:
    """A validator for one named schema of the contract."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": document()["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def check_request(body: object) -> dict[str, Any]:
    """The job request when it keeps the contract; raises RequestRefused (422) with the first fault."""
    fault = best_match(validator("JobRequest").iter_errors(body))
    if fault is not None:
        raise RequestRefused(422, "invalid_input", f"{fault.json_path}: {fault.message[:300]}")
    if not isinstance(body, dict):
        raise RequestRefused(422, "invalid_input", "the body is not an object")
    return body


def digest(body: dict[str, Any]) -> str:
    """SHA-256 of the body in canonical form: two bodies that mean the same have the same digest."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
