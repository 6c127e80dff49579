"""Notices to the caller: signed after Standard Webhooks, sent from an outbox, tried three times.

A notice is a hint. The caller fetches the job; a notice that never arrives loses nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from standardwebhooks.webhooks import Webhook

from gpu_service.store import JobStore

TRIES = 3
WAITS = (1.0, 4.0)  # seconds after the first and the second failed try
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """A notice that is due. ``id`` stays the same over all tries."""

    id: str
    url: str
    body: str
    tries: int


class Outbox:
    """The notices table of the job store."""

    def __init__(self, store: JobStore) -> None:
        self._store = store

    def due(self, now: float) -> list[Notice]:
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT id, url, body, tries FROM notices WHERE delivered_at IS NULL AND tries < ? AND next_at <= ?"
                " ORDER BY next_at LIMIT 20",
                (TRIES, now),
            ).fetchall()
        return [Notice(*row) for row in rows]

    def delivered(self, notice: Notice, now: float) -> None:
        with self._store.transaction() as db:
            db.execute("UPDATE notices SET delivered_at=?, tries=tries+1 WHERE id=?", (now, notice.id))

    def missed(self, notice: Notice, now: float) -> None:
        wait = WAITS[min(notice.tries, len(WAITS) - 1)]
        with self._store.transaction() as db:
            db.execute("UPDATE notices SET tries=tries+1, next_at=? WHERE id=?", (now + wait, notice.id))


class NoticeSender(threading.Thread):
    """Sends what is due until ``stop`` is called."""

    def __init__(self, store: JobStore, secret: str) -> None:
        super().__init__(name="notices", daemon=True)
        self._outbox = Outbox(store)
        self._webhook = Webhook(secret)
        self._wanted = threading.Event()
        self._stopping = False

    def wake(self) -> None:
        self._wanted.set()

    def stop(self) -> None:
        self._stopping = True
        self._wanted.set()
        self.join(timeout=6)

    def run(self) -> None:
        with httpx.Client(timeout=5, follow_redirects=False) as client:
            while not self._stopping:
                for notice in self._outbox.due(time.time()):
                    self._send(client, notice)
                self._wanted.wait(0.5)
                self._wanted.clear()

    def _send(self, client: httpx.Client, notice: Notice) -> None:
        now = datetime.now(UTC)
        headers = {
            "webhook-id": notice.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(notice.id, now, notice.body),
            "content-type": "application/json",
        }
        try:
            answer = client.post(notice.url, content=notice.body, headers=headers)
            arrived = answer.is_success
        except httpx.HTTPError as error:
            log.info("notice %s waits for another try: %s", notice.id, error)
            arrived = False
        if arrived:
            self._outbox.delivered(notice, time.time())
        else:
            self._outbox.missed(notice, time.time())
