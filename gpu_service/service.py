"""What runs beside the HTTP side: the slots, the notices, the sweep of old files."""

from __future__ import annotations

import logging
import threading
import time

from gpu_service.notices import NoticeSender
from gpu_service.outputs import sweep
from gpu_service.settings import Settings
from gpu_service.slots import Slot
from gpu_service.store import JobStore
from gpu_service.uncut import UncutQueue

log = logging.getLogger(__name__)
SWEEP_SECONDS = 600


class Service:
    """Owns the store and the threads. ``start`` resumes what a crash left behind."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.data.mkdir(parents=True, exist_ok=True)
        settings.data.chmod(0o700)  # photographs, faces and pictures of people lie below it
        self.store = JobStore(settings.data / "jobs.sqlite3")
        self._notices = NoticeSender(self.store, settings.webhook_secret)
        self._slots = [
            Slot(number=n, store=self.store, settings=settings, changed=self._notices.wake)
            for n in range(settings.slots)
        ]
        self._ended = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="sweep", daemon=True)

    def start(self) -> None:
        resumed = self.store.requeue()
        UncutQueue(self.store).put_back()
        if resumed:
            log.warning("%s jobs were cut off and are queued again", resumed)
        for thread in (self._notices, self._sweeper, *self._slots):
            thread.start()

    def stop(self) -> None:
        """Let running jobs end within the grace, then put the rest back into the queue."""
        self._ended.set()
        for slot in self._slots:
            slot.stop()
        limit = time.monotonic() + self.settings.grace
        for slot in self._slots:
            slot.join(timeout=max(0.0, limit - time.monotonic()))
            if slot.is_alive():
                slot.kill()
                slot.join(timeout=5)
        self._notices.stop()
        self.store.close()

    def wake_slots(self) -> None:
        for slot in self._slots:
            slot.wake()

    def wake_notices(self) -> None:
        self._notices.wake()

    def _sweep(self) -> None:
        """Pictures and capture data are personal: neither stays longer than the settings say."""
        data = self.settings.data
        while not self._ended.is_set():
            sweep(data / "outputs", older_than_hours=self.settings.output_hours)
            sweep(data / "unfinished", older_than_hours=1)
            for folder in ("inputs", "mattes"):
                sweep(data / folder, older_than_hours=self.settings.cache_hours)
            self._ended.wait(SWEEP_SECONDS)
