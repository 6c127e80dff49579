"""`manage.py import_roster`: files as programs export them, and files that are no roster at all."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.organizations.models import Organization
from apps.roster.models import Invitation, RosterEntry
from apps.roster.services import reading
from tests.factories.people import make_organization
from tests.factories.roster import ADA, BO, HEADER, ada, run, run_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agency() -> Organization:
    return make_organization("agency", "elan")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


def refusal(path: Path, agency: str = "elan") -> str:
    """What the command says of a file or an agency that it cannot use; it exits with 2 and keeps nothing."""
    with pytest.raises(CommandError) as caught:
        call_command("import_roster", str(path), "--agency", agency)
    assert caught.value.returncode == 2
    assert not RosterEntry.objects.exists()
    return str(caught.value)


EXPORT = (
    "\ufeffEmail ;First_Name;last_name;notes;birth_date;country;board;language\r\n"
    '  ADA@EXAMPLE.COM ;"Ada\r\nMaria"; Berg ;"says ""hi"";\r\nand more";1999-04-01;SE;women;sv\r\n'
    "\r\n"
    ";;;;;;;\r\n"
    "bo@example.com;Bo;Lind;;2010-12-31;DK;men;da\r\n"
    '"cy@example.com";Cy;"Ångström; y Sol";;2000-02-29 ;es;open;es;;\r\n'
)


class TestFiles:
    def test_a_real_export_with_all_its_faults_is_read(self, path: Path) -> None:
        path.write_bytes(EXPORT.encode())
        report = run_file(path, exits=1)
        assert (report["rows"], report["created"]) == (3, 2)
        assert [(found["row"], found["field"]) for found in report["rejected"]] == [(5, "birth_date")]
        names = RosterEntry.objects.order_by("email").values_list("email", "first_name", "last_name")
        assert list(names) == [
            ("ada@example.com", "Ada Maria", "Berg"),
            ("cy@example.com", "Cy", "Ångström; y Sol"),
        ]

    def test_a_header_without_rows_is_a_list_of_nobody(self, path: Path) -> None:
        assert run(path)["rows"] == 0

    def test_an_unknown_agency_is_refused(self, path: Path) -> None:
        path.write_text(f"{HEADER}\n{ADA}\n")
        assert "no agency “nobody”" in refusal(path, "nobody")

    def test_a_brand_is_no_agency(self, path: Path) -> None:
        make_organization("brand", "halden-rye")
        path.write_text(f"{HEADER}\n{ADA}\n")
        assert "no agency" in refusal(path, "halden-rye")

    def test_a_file_that_is_not_there_is_refused(self, path: Path) -> None:
        assert "No such file" in refusal(path)

    @pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n"])
    def test_an_empty_file_is_refused(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        assert "empty" in refusal(path)

    def test_a_missing_column_is_named(self, path: Path) -> None:
        path.write_text("email,first_name,last_name,country,board,language\n")
        assert "“birth_date” is missing" in refusal(path)

    def test_a_column_that_stands_there_twice_is_named(self, path: Path) -> None:
        path.write_text(f"{HEADER},email\n")
        assert "“email” stands there more than once" in refusal(path)

    def test_what_is_not_utf_8_is_refused_and_nothing_of_it_kept(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.roster.services.importing.BATCH", 1)
        many = "".join(f"{ada(email=f'a{number}@example.com')}\n" for number in range(500))
        path.write_bytes(f"{HEADER}\n{many}{ada(first_name='Åsa')}\n".encode("latin-1"))
        assert "not UTF-8" in refusal(path)

    def test_a_quote_that_never_ends_is_refused(self, path: Path) -> None:
        path.write_text(f'{HEADER}\nada@example.com,"Ada,Berg\n{BO}\n')
        assert "no CSV" in refusal(path)

    def test_a_line_that_never_ends_is_not_read_to_its_end(self, path: Path) -> None:
        path.write_text("x" * (reading.LONGEST_LINE + 1))
        assert "a line has no end" in refusal(path)

    def test_5000_rows_are_read_in_batches_of_bounded_memory(self, path: Path) -> None:
        def rows(count: int) -> Iterator[str]:
            return (ada(email=f"model{number}@example.com") for number in range(count))

        run(path, *rows(500))  # what is loaded once and kept
        path.write_text("\n".join([HEADER, *rows(5_000)]), encoding="utf-8")
        tracemalloc.start()
        try:
            report = run_file(path)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (report["created"], report["unchanged"]) == (4_500, 500)
        assert Invitation.objects.count() == 5_000
        assert peak < 16 * 1024 * 1024
