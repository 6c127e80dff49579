"""The reading child: one stranger's file, no Django, hard limits. A crafted 100 KB JPEG can ask for gigabytes.

Reads a JSON line {"anchors", "content_type"} and the file from standard input, writes one JSON object.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 900 * 1024 * 1024
CPU_SECONDS = 5


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.insert(0, str(Path(__file__).parent))
    from context import context_settings  # noqa: PLC0415  after the limits, and without the package above it

    head = json.loads(sys.stdin.buffer.readline())
    told = read(sys.stdin.buffer.read(), head["content_type"], context_settings(head["anchors"]))
    json.dump(told, sys.stdout)


def read(data: bytes, content_type: str, settings: dict[str, Any]) -> dict[str, Any]:
    """State, results and active manifest of the file, as the library tells them; damaged ones may lack the last."""
    import c2pa  # noqa: PLC0415  after the limits: loading the library counts too

    with c2pa.Reader(content_type, io.BytesIO(data), context=c2pa.Context.from_dict(settings)) as reader:
        report = json.loads(reader.json())
        return {
            "state": reader.get_validation_state(),
            "results": reader.get_validation_results(),
            "manifest": report.get("manifests", {}).get(report.get("active_manifest")) or {},
        }


if __name__ == "__main__":
    main()
