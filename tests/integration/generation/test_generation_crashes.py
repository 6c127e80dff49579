"""Workers that are killed, really: SIGKILL at the worst moment, then the sweep."""

import multiprocessing
import os
import signal

import pytest
from django.db import connections

from apps.generation.models import Attempt, Candidate, Job
from apps.generation.services import ingest, poll, submit
from apps.generation.states import State
from tests.factories.likenesses import picture_of
from tests.factories.work import later, order, work


def killed_in(act, at) -> None:
    """Run `act` in a process of its own that is killed when `at` tells us; `at` gets the process's id."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=act)
    process.start()
    at(process.pid)
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


def test_killed_after_the_service_took_the_job_and_before_we_noted_it(gpu, voucher, news):
    order(voucher)
    attempt = Attempt.objects.with_job().get()

    def at(pid):
        gpu.before_answer = lambda job: os.kill(pid, signal.SIGKILL)

    gpu.slow = 0.3  # until the parent has set the trap
    killed_in(lambda: submit(attempt), at)
    gpu.before_answer, gpu.slow = None, 0
    attempt.refresh_from_db()
    assert (attempt.state, attempt.remote_id) == (State.SUBMITTING, "")
    later()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.remote_id) == (State.QUEUED, gpu.job.id)
    assert gpu.posts == 1
    gpu.job.succeed(picture_of("P001"))
    later()
    assert [kind for kind, _, _ in news] == ["ready"]
    voucher.refresh_from_db()
    assert voucher.used == 1


@pytest.mark.parametrize("moment", ["while fetching", "while checking"])
def test_killed_while_the_picture_is_fetched_or_checked(gpu, voucher, news, monkeypatch, moment):
    from apps.generation.services import ingestion

    order(voucher)
    work()
    gpu.job.succeed(picture_of("P001"))
    poll(Attempt.objects.with_job().get())
    attempt = Attempt.objects.with_job().get()
    assert attempt.state == State.INGESTING

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(ingestion, "inspect" if moment == "while fetching" else "read_faces", lambda *a, **k: die())
        killed_in(lambda: ingest(attempt), lambda pid: None)
    attempt.refresh_from_db()
    assert attempt.state == (State.INGESTING if moment == "while fetching" else State.CHECKING)
    later()
    job = Job.objects.get()
    assert job.state == State.SUCCEEDED
    assert Candidate.objects.count() == 1
    assert [kind for kind, _, _ in news] == ["ready"]
