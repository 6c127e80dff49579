"""Worker slots: each is a thread that feeds jobs to one child process of its own.

The child does the heavy work, so that a crash, a memory leak or a job that never ends stays in
it: the slot kills it and starts another. The child ends by itself when this process goes away.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from gpu_service.errors import JobFailed
from gpu_service.outputs import OutputFolder
from gpu_service.settings import Settings
from gpu_service.store import JobStore
from gpu_service.uncut import UncutQueue

log = logging.getLogger(__name__)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class WorkerGone(Exception):
    """The child process ended or broke the protocol."""


class Worker:
    """One child process. Messages are JSON, one a line, over its standard streams."""

    def __init__(self, settings: Settings) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._child = subprocess.Popen(  # noqa: S603  (this program itself, no outside words)
            [sys.executable, "-m", "gpu_service.worker", "--data", str(settings.data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD, "GPU_SERVICE_INPUT_ORIGINS": ",".join(settings.input_origins)},
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        if self._child.stdout is not None:
            for line in self._child.stdout:
                self._lines.put(line)
        self._lines.put(None)

    def send(self, message: dict[str, Any]) -> None:
        if self._child.stdin is None:
            raise WorkerGone("the worker has no input")
        try:
            self._child.stdin.write(json.dumps(message) + "\n")
            self._child.stdin.flush()
        except OSError as error:
            raise WorkerGone(str(error)) from error

    def receive(self, wait: float) -> dict[str, Any] | None:
        """The next message, or None when none came within ``wait`` seconds; raises WorkerGone."""
        try:
            line = self._lines.get(timeout=wait)
        except queue.Empty:
            return None
        if line is None:
            raise WorkerGone(f"the worker ended with status {self._child.wait()}")
        message: dict[str, Any] = json.loads(line)
        return message

    def alive(self) -> bool:
        return self._child.poll() is None

    def kill(self) -> None:
        self._child.kill()
        self._child.wait()


class Slot(threading.Thread):
    """Claims jobs one after another and brings each to an end; cuts out photographs while there is none."""

    def __init__(self, *, number: int, store: JobStore, settings: Settings, changed: Callable[[], None]) -> None:
        super().__init__(name=f"slot-{number}", daemon=True)
        self._store = store
        self._uncut = UncutQueue(store)
        self._settings = settings
        self._outputs = OutputFolder(settings.data)
        self._changed = changed
        self._work = threading.Event()
        self._stopping = False
        self._killed = False
        self._worker: Worker | None = None

    def wake(self) -> None:
        self._work.set()

    def stop(self) -> None:
        """Take no further job; the present one may end."""
        self._stopping = True
        self._work.set()

    def kill(self) -> None:
        """End the worker now; its job goes back to the queue."""
        self._killed = True
        if self._worker is not None:
            self._worker.kill()

    def run(self) -> None:
        self._worker = Worker(self._settings)  # its libraries load while no job waits yet
        while not self._stopping:
            job = self._store.claim()
            if job is not None:
                self._changed()
                self._process(job)
                self._changed()
                continue
            photograph = self._uncut.take()
            if photograph is not None:
                self._cut(photograph)
                continue
            self._work.wait(0.5)
            self._work.clear()
        if self._worker is not None:
            self._worker.kill()

    def _process(self, job: dict[str, Any]) -> None:
        try:
            self._drive(job)
        except WorkerGone as error:
            log.warning("job %s goes back to the queue: %s", job["id"], error)
            self._worker = None
            self._store.requeue(job["id"])
        except JobFailed as error:
            self._store.finish(job["id"], "failed", error=error.view())
        except Exception:  # a slot must outlive a fault in one job; the store limits the attempts
            log.exception("job %s goes back to the queue", job["id"])
            self._store.requeue(job["id"])

    def _cut(self, sha256: str) -> None:
        """Cut out one photograph; a stop of the service does not wait for it."""
        try:
            worker = self._ready_worker()
            limit = time.monotonic() + self._settings.job_timeout
            worker.send({"id": sha256, "kind": "cut"})
            while (message := worker.receive(0.25)) is None or message["type"] == "progress":
                if self._stopping or time.monotonic() > limit:
                    worker.kill()
                    raise WorkerGone("the cut was broken off")
        except WorkerGone as error:
            log.info("photograph %s is put back: %s", sha256, error)
            self._worker = None
            self._uncut.put_back(sha256)
        else:
            self._uncut.done(sha256)

    def _drive(self, job: dict[str, Any]) -> None:
        worker = self._ready_worker()
        limit = time.monotonic() + self._settings.job_timeout
        worker.send(job)
        while True:
            message = worker.receive(0.25)
            if time.monotonic() > limit:
                worker.kill()
                self._worker = None
                raise JobFailed("timeout", "the job took too long", retryable=True)
            if message is None:
                if self._store.progress(job["id"], 0.0):
                    worker.send({"cancel": job["id"]})
            elif message["type"] == "progress":
                if self._store.progress(job["id"], message["value"]):
                    worker.send({"cancel": job["id"]})
            else:
                self._end(job["id"], message)
                return

    def _end(self, job_id: str, message: dict[str, Any]) -> None:
        """What was made is moved into place first, then the job ends: no job ends without its picture."""
        if message.get("uncut"):
            self._uncut.add(message["uncut"])
        outputs, artefacts = [], []
        if message["type"] == "succeeded" and message.get("picture"):
            outputs = [self._outputs.keep(job_id, message["picture"])]
        if message["type"] == "succeeded" and message.get("artefact"):
            artefacts = [self._outputs.keep_artefact(job_id, message["artefact"])]
        self._store.finish(
            job_id,
            message["type"],
            error=message.get("error"),
            result=message.get("result"),
            outputs=outputs,
            artefacts=artefacts,
            gpu_seconds=message.get("gpu_seconds"),
        )

    def _ready_worker(self) -> Worker:
        if self._killed:
            raise WorkerGone("the service is stopping")
        if self._worker is None or not self._worker.alive():
            self._worker = Worker(self._settings)
        return self._worker
