"""Reading Content Credentials: a stranger's file in a child process only, our own where we stand."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from c2pa import C2paError

from apps.integrations.c2pa import chain as chains
from apps.integrations.c2pa import child
from apps.integrations.c2pa.context import context_settings
from apps.integrations.c2pa.errors import Unreadable
from apps.integrations.c2pa.types import Assertion, Credentials

CHILD = Path(__file__).with_name("child.py")
WALL_SECONDS = 10
MAX_REPORT_BYTES = 2_000_000


def read(data: bytes, content_type: str) -> Credentials:
    """What the file's active manifest says, judged by our anchors. Nothing is fetched from anywhere.

    Raises Unreadable for a file without credentials, a damaged one, and one that wants more than 900 MB, 5 s of
    processor time or 10 s.
    """
    head = json.dumps({"anchors": chains.current().anchors.read_text(), "content_type": content_type})
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(CHILD)],
            input=head.encode() + b"\n" + data,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("took too long") from error
    except subprocess.CalledProcessError as error:
        raise Unreadable(f"ended with {error.returncode}") from error
    if len(done.stdout) > MAX_REPORT_BYTES:
        raise Unreadable("says too much")
    return _credentials(json.loads(done.stdout))


def read_own(data: bytes, content_type: str) -> Credentials:
    """The same for a file that this process has just made, in 5 ms instead of 300. Raises Unreadable."""
    settings = context_settings(chains.current().anchors.read_text())
    try:
        return _credentials(child.read(data, content_type, settings))
    except C2paError as error:
        raise Unreadable(str(error)) from error


def _credentials(told: dict[str, Any]) -> Credentials:
    manifest = told["manifest"]
    results = (told["results"] or {}).get("activeManifest") or {}
    codes = {entry["code"] for entry in results.get("success", [])}
    signature = manifest.get("signature_info") or {}
    stamped = signature.get("time") if "timeStamp.trusted" in codes else None
    return Credentials(
        state=told["state"] or "",
        issuer=signature.get("issuer") or "",
        stamped_at=datetime.fromisoformat(stamped) if stamped else None,
        assertions={
            entry["label"]: Assertion(entry.get("data") or {}, created=bool(entry.get("created")))
            for entry in manifest.get("assertions", [])
        },
        failures=tuple(entry["code"] for entry in results.get("failure", [])),
    )
