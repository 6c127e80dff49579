"""The main job on the running site: from the draft to downloaded pictures, also when parts of it are killed."""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.stack import ROOT, Stack

PICTURES = 2


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


def check(report: dict[str, Any], *, pictures: int) -> None:
    """Everything that `demo_booking` promises about a delivered booking."""
    assert report["state"] == "delivered"
    assert len(report["deliverables"]) == pictures
    assert len({row["sha256"] for row in report["deliverables"]}) == pictures
    for row in report["deliverables"]:
        data = Path(row["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        with Image.open(row["path"]) as picture:
            assert picture.size == (row["width"], row["height"])
            assert min(picture.size) >= 1000
        assert row["likeness"] >= 0.60
    assert sum(share["amount_minor"] for share in report["split"]) == report["paid_minor"]
    assert report["ledger_balanced"] is True


def test_one_booking_from_the_draft_to_downloaded_pictures(stack: Stack) -> None:
    report = told(stack.manage("demo_booking", "--json", "--looks", "1", "--pictures", "2", check=False))
    check(report, pictures=PICTURES)
    read = subprocess.run(
        ["exiftool", "-s3", "-XMP-iptcExt:DigitalSourceType", report["deliverables"][0]["path"]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert read.stdout.strip().endswith("compositeWithTrainedAlgorithmicMedia")


@pytest.mark.parametrize(
    "wrong",
    [["--twin", "nobody"], ["--brand", "nobody"], ["--looks", "0"], ["--pictures", "-3"], ["--pictures", "many"]],
    ids=" ".join,
)
def test_an_unknown_choice_is_a_clear_error_and_exit_2(stack: Stack, wrong: list[str]) -> None:
    done = stack.manage("demo_booking", "--json", *wrong, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert wrong[1] in done.stderr or "looks" in done.stderr or "pictures" in done.stderr


@pytest.mark.parametrize("victim", ["worker", "beat", "gpu", "redis"])
def test_killed_in_the_middle_nothing_is_lost_and_nothing_happens_twice(stack: Stack, victim: str) -> None:
    running = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "demo_booking", "--json", "--looks", "1", "--pictures", "2"],
        env={name: value for name, value in stack.environment.items() if name != "PORT"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for_open_jobs(stack)
    killed = stack.kill(victim)
    out, err = running.communicate(timeout=600)
    assert running.returncode == 0, err[-3000:]
    report = dict(json.loads(out))
    check(report, pictures=PICTURES)
    stack.wait_until_back(victim, killed)
    assert_nothing_twice(stack, report)


def wait_for_open_jobs(stack: Stack) -> None:
    """Until the newest booking has work at the GPU service or waiting for it."""
    end = time.monotonic() + 120
    query = "SELECT count(*) FROM generation_job WHERE ended_at IS NULL"
    while stack.rows(query)[0][0] == 0:
        assert time.monotonic() < end, "no job was ever ordered"
        time.sleep(0.05)


def assert_nothing_twice(stack: Stack, report: dict[str, Any]) -> None:
    [(booking,)] = stack.rows("SELECT id FROM bookings_booking WHERE code = %s", report["booking"])
    ref = f"booking:{booking}"
    assert stack.rows("SELECT count(*) FROM payments_charge WHERE ref = %s AND state = 'paid'", ref) == [(1,)]
    assert stack.rows("SELECT count(*) FROM ledger_journal WHERE ref = %s", ref) == [(2,)]  # paid, earned
    jobs = "FROM generation_job j JOIN generation_voucher v ON v.id = j.voucher_id WHERE v.subject = %s"
    assert stack.rows(f"SELECT count(*) {jobs} AND j.ended_at IS NULL", ref) == [(0,)]
    assert stack.rows(f"SELECT count(*) {jobs} AND j.state = 'succeeded'", ref) == [(PICTURES,)]
    [(used, candidates)] = stack.rows("SELECT used, candidates FROM generation_voucher WHERE subject = %s", ref)
    assert (used, candidates) == (PICTURES, 3 * PICTURES)
    audited = stack.manage("audit_ledger", "--json")
    assert json.loads(audited.stdout)["balanced"] is True


def test_the_state_machine_is_one_object(stack: Stack) -> None:
    machine = json.loads(stack.manage("state_machine", "--json").stdout)
    assert machine["initial"] == "draft"
    states = {step["target"] for step in machine["transitions"]} | {"draft"}
    assert {source for step in machine["transitions"] for source in step["sources"]} <= states
    assert not {source for step in machine["transitions"] for source in step["sources"]} & set(machine["terminal"])
