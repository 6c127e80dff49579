"""Archives under real processes: a worker that is killed in the middle, and two presses in the same moment."""

import multiprocessing
import os
import signal
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from apps.archives import services, tasks
from apps.archives.models import Archive
from apps.archives.services import ask, make
from apps.audit.services import verify_chain
from apps.media.models import StoredFile
from tests.factories.likenesses import make_twin_of
from tests.forking import open_own_connections
from tests.integration.processes import in_processes

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_killed_in_the_middle_leaves_no_bytes_and_the_sweep_has_the_archive_made(monkeypatch):
    twin, person = make_twin_of("P001", "maya")
    archive = ask(by=person.actor, twin=twin)

    def killed() -> None:
        open_own_connections()
        real = services._tick

        def tick(one: Archive) -> None:
            real(one)
            if Archive.objects.get(pk=one.pk).done == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        services._tick = tick
        make(archive_id=archive.pk)

    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=killed)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    archive.refresh_from_db()
    assert (archive.state, archive.done, archive.tries) == ("making", 3, 1)
    assert not StoredFile.objects.filter(kind="archive").exists()
    monkeypatch.setattr(tasks.make_archive, "delay", tasks.make_archive)
    tasks.sweep()
    archive.refresh_from_db()
    assert archive.state == "making"  # its claim still runs: nobody knows yet that it is dead
    Archive.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    archive.refresh_from_db()
    assert (archive.state, archive.tries) == ("ready", 2)
    assert StoredFile.objects.filter(kind="archive").count() == 1
    assert verify_chain().ok


def test_two_presses_in_the_same_moment_give_one_archive():
    twin, person = make_twin_of("P001", "maya")
    asked = in_processes(4, lambda number: str(ask(by=person.actor, twin=twin).pk))
    assert set(asked) == {str(Archive.objects.get().pk)}
