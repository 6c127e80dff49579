"""5,000 people from a CSV file with the faults of real exports: in under 30 seconds, in batches: of a row that is
done nothing stays but its address and its rejection."""

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.roster.models import Invitation, RosterEntry
from tests.factories.people import make_organization
from tests.factories.roster import run_file

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

ROWS, SECONDS = 5_000, 30
KEPT = 500  # bytes of each row at the most: its address, and what was wrong with it
EVERY = 10  # one row in so many has each of the faults
WRONG = 4  # of ten rows


def lines(count: int) -> Iterator[str]:
    """As a spreadsheet in France writes it: a byte order mark, semicolons, Windows line ends, blank lines, notes with
    line ends in them; and of ten rows one under 18, one with a date in words, one twice, one without a country."""
    yield "\ufeffEmail ;First_Name;last_name;notes;birth_date;country;board;language"
    for number in range(count):
        email, born, country = f"Model{number}@Example.com", "1999-04-01", "se"
        match number % EVERY:
            case 1:
                born = "2019-04-01"
            case 2:
                born = "1 avril 1999"
            case 3:
                email = f"MODEL{number - 3}@example.com"
            case 4:
                country = ""
            case 5:
                yield ";;;;;;;"
        yield f'  {email} ;"Zoé\u00a0 Maria";=Öst{number};"says ""hi"";\r\nand more";{born};{country};Women;sv;;'


def written(path: Path, count: int) -> Path:
    path.write_bytes("\r\n".join(lines(count)).encode())
    return path


def peak(path: Path) -> int:
    """Bytes of Python objects at the most, while the file is taken over."""
    tracemalloc.start()
    try:
        run_file(path, exits=1, options=("--dry-run",))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_5000_rows_of_a_real_export(tmp_path: Path) -> None:
    make_organization("agency", "elan")
    path = written(tmp_path / "roster.csv", ROWS)
    started = time.perf_counter()
    report = run_file(path, exits=1)
    first = time.perf_counter() - started
    started = time.perf_counter()
    again = run_file(path, exits=1)
    second = time.perf_counter() - started
    few, many = peak(written(tmp_path / "few.csv", ROWS)), peak(written(tmp_path / "many.csv", 4 * ROWS))
    print(
        f"\n{ROWS:,} rows taken over in {first:.1f} s, again in {second:.1f} s; at most {few / 1e6:.1f} MB of objects,"
        f" {many / 1e6:.1f} MB with four times the rows"
    )

    good = ROWS - ROWS * WRONG // EVERY
    assert (report["rows"], report["created"], len(report["rejected"])) == (ROWS, good, ROWS - good)
    assert (again["created"], again["unchanged"]) == (0, good)
    assert (RosterEntry.objects.count(), Invitation.objects.count()) == (good, good)
    assert first < SECONDS
    assert many - few < 3 * ROWS * KEPT
