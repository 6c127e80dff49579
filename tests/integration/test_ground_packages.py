"""`requirements/install` before anything of the site runs: without a package index, and cut short."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.stack import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A fresh copy of the project in which a lock asks for one small package."""
    folder = tmp_path / "copy"
    (folder / "requirements").mkdir(parents=True)
    for name in ("install", "fetch.py"):
        shutil.copy(ROOT / "requirements" / name, folder / "requirements" / name)
    subprocess.run([sys.executable, "-m", "venv", folder / ".venv"], check=True)
    (folder / ".venv" / "made").touch()
    wheel = small_package(folder / "wheels")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "requirements" / "local.txt").write_text(f"hem-line==1.0 \\\n    --hash=sha256:{digest}\n")
    return folder


def small_package(folder: Path) -> Path:
    folder.mkdir()
    wheel = folder / "hem_line-1.0-py3-none-any.whl"
    inside = "hem_line-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("hem_line.py", "LENGTH = 3\n")
        archive.writestr(f"{inside}/METADATA", "Metadata-Version: 2.1\nName: hem-line\nVersion: 1.0\n")
        archive.writestr(f"{inside}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{inside}/RECORD", "hem_line.py,,\n")
    return wheel


def install(copy: Path, *, wheels: str) -> subprocess.Popen[str]:
    own = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels}
    return subprocess.Popen(
        [copy / "requirements" / "install", "local"],
        env=os.environ | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_without_an_index_it_says_what_is_missing_and_what_helps(copy: Path) -> None:
    process = install(copy, wheels=str(copy / "nowhere"))
    told, complaint = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "These packages are missing (1):\n  hem-line\n" in complaint
    assert "`make run` needs a package index once" in complaint
    assert "Traceback" not in told + complaint
    assert not (copy / ".venv" / "local.sha256").exists()


@pytest.mark.parametrize("seconds", [0.1, 0.6])
def test_killed_at_any_moment_the_next_start_finishes(copy: Path, seconds: float) -> None:
    killed = install(copy, wheels=str(copy / "wheels"))
    time.sleep(seconds)
    killed.kill()
    killed.communicate()
    again = install(copy, wheels=str(copy / "wheels"))
    told, complaint = again.communicate(timeout=120)
    assert (again.returncode, complaint) == (0, ""), told
    works = [copy / ".venv" / "bin" / "python", "-c", "import hem_line; print(hem_line.LENGTH)"]
    assert subprocess.run(works, capture_output=True, text=True, check=True).stdout == "3\n"


def test_a_package_that_a_killed_pip_left_half_installed_is_installed_again(copy: Path) -> None:
    """pip itself would take it for installed: its metadata are there."""
    process = install(copy, wheels=str(copy / "wheels"))
    process.communicate(timeout=120)
    [record] = (copy / ".venv").glob("lib/python*/site-packages/hem_line-1.0.dist-info/RECORD")
    record.unlink()
    (record.parent.parent / "hem_line.py").unlink()
    (copy / ".venv" / "local.sha256").unlink()

    process = install(copy, wheels=str(copy / "wheels"))
    assert process.communicate(timeout=120)[1] == ""
    assert (record.parent.parent / "hem_line.py").exists()
