"""`make run` can be interrupted, killed and started again at any second, and leaves nothing behind when it stops."""

import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from tests.conftest import without_demonstration
from tests.noise import NOISE, noise_of
from tests.stack import ROOT, Stack

START = 300  # seconds that a start may take on a busy machine

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("lifecycle")]


@pytest.fixture(scope="module")
def site() -> Generator[Stack]:
    """One site that the tests of this file stop, kill and start again; each leaves it running."""
    site = without_demonstration()
    try:
        site.start(seconds=START)
        yield site
    finally:
        site.end()


def with_descendants(site: Stack) -> list[int]:
    """The site's processes and all that they started."""
    found = []
    for pid in site.processes().values():
        process = psutil.Process(pid)
        found += [pid, *(child.pid for child in process.children(recursive=True))]
    return found


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def use(site: Stack) -> None:
    for path in ("/", "/accounts/login/", "/verify/", "/healthz"):
        with urllib.request.urlopen(site.url + path, timeout=30) as answer:
            assert answer.status == 200


def run(command: str, site: Stack) -> subprocess.CompletedProcess[str]:
    """One of the Makefile's commands on the site's folder."""
    arguments = [sys.executable, "-m", "config.local", command]
    return subprocess.run(
        arguments, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False, timeout=START
    )


def test_secrets_are_for_their_owner_only(site: Stack) -> None:
    assert stat.S_IMODE((site.var / "runtime.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((site.var / "redis" / "redis.conf").stat().st_mode) == 0o600
    secrets = {value for name, value in site.state().items() if name.endswith(("key", "secret", "password"))}
    assert len(secrets) == 9
    for pid in site.processes().values():
        line = " ".join(psutil.Process(pid).cmdline())
        assert not [secret for secret in secrets if secret in line]


def test_manage_py_finds_the_running_site_from_any_folder(site: Stack, tmp_path: Path) -> None:
    told = site.manage("shell", "-c", "from django.conf import settings; print(settings.SITE_URL)", folder=tmp_path)
    assert told.stdout.strip().splitlines()[-1] == site.url


def test_nothing_else_starts_or_forgets_beside_a_running_site(site: Stack) -> None:
    for command in ("run", "setup", "reset"):
        refused = run(command, site)
        assert refused.returncode == 1
        assert "already runs" in refused.stderr
    assert site.health()[0] == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_leaves_no_process_and_keeps_data_and_secrets(site: Stack, number: signal.Signals) -> None:
    everything = with_descendants(site)
    before = site.state()
    use(site)
    site.rows(f"CREATE TABLE kept_{int(number)} AS SELECT 'here' AS word")

    assert site.stop(number) == 0
    assert alive(everything) == []
    assert site.processes() == {}
    assert noise_of(site) == []

    site.start(seconds=START)
    assert site.rows(f"SELECT word FROM kept_{int(number)}") == [("here",)]
    for name in ("secret_key", "master_key", "voucher_signing_key", "gpu_service_key", "file_url_key", "port"):
        assert site.state()[name] == before[name]


def test_a_killed_runner_is_succeeded_by_the_next_start(site: Stack) -> None:
    orphans = with_descendants(site)
    assert site.process
    site.process.kill()
    site.process.wait()
    assert alive(orphans), "the runner's death alone ends nothing; otherwise this proves nothing"

    site.start(seconds=START)
    assert alive(orphans) == []
    assert site.health()[0] == 200


def test_reset_forgets_everything(site: Stack) -> None:
    site.stop()
    assert run("reset", site).returncode == 0
    assert [entry.name for entry in site.var.iterdir()] == ["lock"]
    (site.var / "demonstration.json").write_text("[]")
    site.start(seconds=START)
    assert site.rows("SELECT 1 FROM pg_tables WHERE tablename LIKE 'kept%%'") == []


def test_a_first_start_cut_short_at_any_moment_can_be_repeated(bare_stack: Stack) -> None:
    for seconds in (0.3, 0.8, 1.5, 3.0, 6.0):
        bare_stack.launch()
        time.sleep(seconds)
        assert bare_stack.process
        bare_stack.process.kill()
        bare_stack.process.wait()
    bare_stack.start(seconds=START)
    assert bare_stack.health()[0] == 200


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 2.5, 5.0])
def test_ctrl_c_during_a_first_start_leaves_no_process_and_no_stack_trace(bare_stack: Stack, seconds: float) -> None:
    bare_stack.launch()
    bare_stack.wait_until_it_hears_interrupts()
    time.sleep(seconds)
    everything = with_descendants(bare_stack)
    assert bare_stack.stop(signal.SIGINT) in {0, -signal.SIGINT}
    assert alive(everything) == []
    assert not NOISE.search(bare_stack.words())


def test_what_a_killed_runner_had_no_time_to_write_down_ends_with_the_next_start(site: Stack) -> None:
    assert site.process
    site.process.kill()
    site.process.wait()
    orphans = with_descendants(site)
    (site.var / "processes.json").unlink()

    site.start(seconds=START)
    assert [psutil.Process(pid).cmdline() for pid in alive(orphans)] == []
    assert site.health()[0] == 200


def test_a_port_that_somebody_asked_for_never_moves(bare_stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", bare_stack.port)):
        refused = run("run", bare_stack)
    assert refused.returncode == 1
    assert f"Port {bare_stack.port} is taken by another program." in refused.stderr
    assert not (bare_stack.var / "postgres").exists()


def test_data_without_its_keys_is_refused_instead_of_sealed_with_new_ones(bare_stack: Stack) -> None:
    (bare_stack.var / "postgres").mkdir()
    refused = run("run", bare_stack)
    assert refused.returncode == 1
    assert "make reset" in refused.stderr
    assert not (bare_stack.var / "runtime.json").exists()
