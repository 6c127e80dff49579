"""Vouchers and orders for the tests, and a worker that does in this process what was sent to the queue."""

from datetime import timedelta
from queue import Empty
from typing import Any
from uuid import uuid4

from celery import current_app
from django.utils import timezone

import apps.generation.tasks  # noqa: F401 - registers the tasks that work() runs
from apps.accounts.actor import Actor
from apps.generation.models import Attempt, Job, Voucher
from apps.generation.services import issue_voucher, order_pictures, sweep
from apps.twins.models import Twin
from tests.factories.likenesses import picture_of
from tests.fakes.gpu import FakeGpu

QUEUE = "generation"
WISH = {"scene": "block", "format": "4:5", "brief": "A red wall", "art": {"colour": "#c8102e"}}


def scope(brand: str, **changes: Any) -> dict[str, Any]:
    return {
        "brand": brand,
        "agency": None,
        "category": "denim",
        "media": ["ecommerce"],
        "territories": ["FR", "DE"],
        "window_months": 12,
    } | changes


def make_voucher(twin: Twin, *, pictures: int = 2, candidates: int = 6, **changes: Any) -> Voucher:
    return issue_voucher(
        by=Actor.SYSTEM,
        booking_ref=f"booking:{uuid4()}",
        twin=twin,
        pictures=pictures,
        candidates=candidates,
        scope=scope(f"org:{uuid4()}") | changes,
        ends=timezone.now() + timedelta(days=30),
    )


def order(voucher: Voucher, pictures: int = 1, look: str = "look:1", **wish: Any) -> list[Job]:
    return order_pictures(
        by=Actor.SYSTEM, booking_ref=voucher.subject, look_ref=look, pictures=pictures, spec=WISH | wish
    )


def make_sheet(gpu: FakeGpu, person: str = "P001") -> None:
    """Let the fake deliver every picture of the test sheet that it was asked for, all of this person."""
    for job in gpu.jobs.values():
        if job.status == "queued" and job.request["input"].get("purpose") == "train":
            job.succeed(picture_of(person))
    later()


def messages() -> list[tuple[str, list[str]]]:
    """Take every message out of the queue: task and arguments."""
    found = []
    with current_app.connection_for_read() as connection, connection.SimpleQueue(QUEUE) as queue:
        while True:
            try:
                message = queue.get_nowait()
            except Empty:
                return found
            message.ack()
            found.append((message.headers["task"], message.payload[0]))


def work() -> int:
    """Do what is in the queue, and what that puts there, until it is empty. Answers how many tasks ran."""
    done = 0
    while waiting := messages():
        for task, arguments in waiting:
            current_app.tasks[task](*arguments)
            done += 1
    return done


def later() -> None:
    """Let everything that waits for its time be due now, and sweep."""
    Attempt.objects.filter(next_poll_at__isnull=False).update(next_poll_at=timezone.now())
    Job.objects.filter(announced_at=None, ended_at__isnull=False).update(ended_at=timezone.now() - timedelta(minutes=1))
    sweep()
    work()
