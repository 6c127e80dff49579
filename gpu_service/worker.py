"""The child process of a slot: reads jobs from standard input, answers on standard output.

It imports the picture libraries; the service itself never does. It ends when its input closes,
which is what happens when the service is killed.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

import cv2

from gpu_service.enrolment import NO_WEIGHTS, enrol
from gpu_service.errors import JobCanceled, JobFailed
from gpu_service.inputs import InputFetcher
from gpu_service.outputs import OutputFolder
from gpu_service.preview.engine import PreviewEngine
from gpu_service.settings import origin_of

log = logging.getLogger(__name__)


class Conversation:
    """Messages with the slot. Cancellations arrive beside the job and are kept by job id."""

    def __init__(self, reader: TextIO, writer: TextIO) -> None:
        self.jobs: queue.Queue[dict[str, Any]] = queue.Queue()
        self._canceled: set[str] = set()
        self._reader = reader
        self._writer = writer

    def listen(self) -> None:
        for line in self._reader:
            message = json.loads(line)
            if "cancel" in message:
                self._canceled.add(message["cancel"])
            else:
                self.jobs.put(message)
        os._exit(0)

    def send(self, message: dict[str, Any]) -> None:
        self._writer.write(json.dumps(message) + "\n")
        self._writer.flush()

    def step(self, job_id: str, value: float) -> None:
        """Report progress (0..1); raises JobCanceled when the job was cancelled."""
        if job_id in self._canceled:
            raise JobCanceled
        self.send({"type": "progress", "value": round(value, 3)})


def work(job: dict[str, Any], *, data: Path, engine: PreviewEngine, conversation: Conversation) -> dict[str, Any]:
    """Do one job; returns the last message about it."""
    origins = frozenset(origin_of(o) for o in os.environ.get("GPU_SERVICE_INPUT_ORIGINS", "").split(",") if o)
    fetcher = InputFetcher(data, origins)

    def step(value: float) -> None:
        conversation.step(job["id"], value)

    step(0.01)
    if job["kind"] == "enrol":
        report, usable, measured = enrol(job["input"], fetcher=fetcher, engine=engine, step=step)
        path = OutputFolder(data).unfinished(job["id"], "json")
        path.write_text(json.dumps(measured))
        artefact = {"path": str(path), "name": "enrolment.json", "kind": "measurements", "note": NO_WEIGHTS}
        return {"result": report, "uncut": usable, "artefact": artefact}
    if job["kind"] == "cut":
        engine.library.warm(sha256=job["id"], path=fetcher.kept(job["id"]))
        return {}
    path = OutputFolder(data).unfinished(job["id"])
    picture = engine.generate(job["input"], fetcher=fetcher, path=path, step=step)
    return {
        "result": picture.result,
        "picture": {"path": str(path), "width": picture.width, "height": picture.height},
    }


def answer(job: dict[str, Any], *, data: Path, engine: PreviewEngine, conversation: Conversation) -> dict[str, Any]:
    started = time.process_time()
    try:
        message = {"type": "succeeded", **work(job, data=data, engine=engine, conversation=conversation)}
    except JobCanceled:
        message = {"type": "canceled"}
    except JobFailed as error:
        message = {"type": "failed", "error": error.view()}
    except Exception as error:
        log.exception("job %s failed", job["id"])
        failure = JobFailed("provider", f"{type(error).__name__} inside the engine", retryable=False)
        message = {"type": "failed", "error": failure.view()}
    return {**message, "gpu_seconds": round(time.process_time() - started, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, and ours are signed
    cv2.setNumThreads(1)
    # Libraries may print; the real standard output belongs to the conversation.
    writer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    conversation = Conversation(sys.stdin, writer)
    threading.Thread(target=conversation.listen, daemon=True).start()
    engine = PreviewEngine(data)
    while True:
        job = conversation.jobs.get()
        conversation.send(answer(job, data=data, engine=engine, conversation=conversation))


if __name__ == "__main__":
    main()
