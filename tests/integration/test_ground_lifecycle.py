"""`make run` can be interrupted, killed and started again at any second, and leaves nothing behind when it stops."""

import json
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.stack import ROOT, Stack

START = 180  # seconds that a start may take on a busy machine


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def group_members(groups: list[int]) -> list[int]:
    """Every process that one of the site's processes started."""
    members = []
    for process in psutil.process_iter():
        try:
            chain = [process.pid, *(parent.pid for parent in process.parents())]
        except psutil.NoSuchProcess:
            continue
        if set(chain) & set(groups):
            members.append(process.pid)
    return members


@pytest.mark.stack
@pytest.mark.xdist_group("lifecycle")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_process_and_keeps_the_data(bare_stack: Stack, number: signal.Signals) -> None:
    bare_stack.start(seconds=START)
    everything = group_members(list(bare_stack.processes().values()))
    secrets_before = bare_stack.state()
    bare_stack.rows("CREATE TABLE kept AS SELECT 'here' AS word")

    assert bare_stack.stop(number) == 0
    assert alive(everything) == []
    assert bare_stack.processes() == {}

    bare_stack.start(seconds=START)
    assert bare_stack.rows("SELECT word FROM kept") == [("here",)]
    for name in ("secret_key", "master_key", "voucher_signing_key", "gpu_service_key", "file_url_key"):
        assert bare_stack.state()[name] == secrets_before[name]


@pytest.mark.stack
@pytest.mark.xdist_group("lifecycle")
def test_a_killed_runner_is_succeeded_by_the_next_start(bare_stack: Stack) -> None:
    bare_stack.start(seconds=START)
    orphans = group_members(list(bare_stack.processes().values()))
    assert bare_stack.process
    bare_stack.process.kill()
    bare_stack.process.wait()
    assert alive(orphans), "the runner's death alone ends nothing; otherwise this proves nothing"

    bare_stack.start(seconds=START)
    assert alive(orphans) == []
    assert bare_stack.health()[0] == 200


@pytest.mark.stack
@pytest.mark.xdist_group("lifecycle")
def test_a_first_start_cut_short_at_any_moment_can_be_repeated(bare_stack: Stack) -> None:
    for seconds in (0.3, 0.7, 1.2, 2.0, 4.0):
        bare_stack.launch()
        time.sleep(seconds)
        assert bare_stack.process
        bare_stack.process.kill()
        bare_stack.process.wait()
    bare_stack.start(seconds=START)
    assert bare_stack.health()[0] == 200


@pytest.mark.stack
@pytest.mark.xdist_group("lifecycle")
def test_a_port_that_somebody_asked_for_never_moves(bare_stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", bare_stack.port)):
        bare_stack.launch()
        assert bare_stack.process
        assert bare_stack.process.wait(timeout=30) == 1
    assert f"Port {bare_stack.port} is taken by another program." in bare_stack.words()
    assert not (bare_stack.var / "postgres").exists()


@pytest.mark.stack
@pytest.mark.xdist_group("lifecycle")
def test_data_without_its_keys_is_refused_instead_of_sealed_with_new_ones(bare_stack: Stack) -> None:
    (bare_stack.var / "postgres").mkdir()
    bare_stack.launch()
    assert bare_stack.process
    assert bare_stack.process.wait(timeout=30) == 1
    assert "make reset" in bare_stack.words()


@pytest.mark.stack
@pytest.mark.xdist_group("lifecycle")
def test_reset_forgets_everything_but_not_beside_a_running_site(bare_stack: Stack) -> None:
    def reset() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "config.local", "reset"],
            cwd=ROOT,
            env=bare_stack.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    bare_stack.start(seconds=START)
    refused = reset()
    assert refused.returncode == 1
    assert "already runs" in refused.stderr
    assert bare_stack.health()[0] == 200

    bare_stack.stop()
    assert reset().returncode == 0
    assert [entry.name for entry in bare_stack.var.iterdir()] == ["lock"]


@pytest.mark.stack
@pytest.mark.xdist_group("lifecycle")
def test_secrets_are_for_their_owner_only(bare_stack: Stack, tmp_path: Path) -> None:
    bare_stack.start(seconds=START)
    assert stat.S_IMODE((bare_stack.var / "runtime.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((bare_stack.var / "redis" / "redis.conf").stat().st_mode) == 0o600
    secrets = {value for name, value in bare_stack.state().items() if name.endswith(("key", "secret", "password"))}
    for pid in group_members(list(bare_stack.processes().values())):
        line = " ".join(psutil.Process(pid).cmdline())
        assert not [secret for secret in secrets if secret in line]

    # From any folder, beside the running site.
    told = bare_stack.manage(
        "shell", "-c", "from django.conf import settings; print(settings.SITE_URL)", folder=tmp_path
    )
    assert told.stdout.strip().splitlines()[-1] == bare_stack.url
    assert json.loads((bare_stack.var / "runtime.json").read_text())["port"] == str(bare_stack.port)
