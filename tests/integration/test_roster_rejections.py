"""`manage.py import_roster`: what makes a row wrong, said beside its column; the other rows are kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.organizations.models import Organization
from apps.roster.models import RosterEntry
from tests.factories.people import make_organization
from tests.factories.roster import ADA, BO, HEADER, ada, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agency() -> Organization:
    return make_organization("agency", "elan")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


def rejection(path: Path, row: str) -> tuple[str, str]:
    """Field and error of the only row, which is rejected."""
    report = run(path, row, exits=1)
    assert not RosterEntry.objects.exists()
    (found,) = report["rejected"]
    assert found["row"] == 2
    return found["field"], found["error"]


class TestRejections:
    @pytest.mark.parametrize("column", HEADER.split(","))
    def test_an_empty_cell_is_refused(self, path: Path, column: str) -> None:
        assert rejection(path, ada(**{column: " "})) == (column, "This is missing.")

    def test_a_short_row_is_refused(self, path: Path) -> None:
        assert rejection(path, "ada@example.com,Ada")[0] == "last_name"

    def test_a_row_with_more_cells_than_columns_is_refused(self, path: Path) -> None:
        assert rejection(path, f"{ADA},fr") == ("", "There are more cells than columns: is a text without quotes?")

    @pytest.mark.parametrize("email", ["ada", "ada@", "ada berg@example.com", "<ada@example.com>"])
    def test_what_is_no_address_is_refused(self, path: Path, email: str) -> None:
        assert rejection(path, ada(email=email))[0] == "email"

    @pytest.mark.parametrize("born", ["01.04.1999", "19990401", "1999-W13-4", "1999-02-30", "1999-4-1", "0199-04-01"])
    def test_a_date_that_is_none_is_refused(self, path: Path, born: str) -> None:
        assert rejection(path, ada(birth_date=born))[0] == "birth_date"

    def test_under_18_is_refused_until_the_birthday(self, path: Path) -> None:
        today = timezone.now().date()
        eighteen = today.replace(year=today.year - 18, day=min(today.day, 28))
        younger = eighteen + timedelta(days=today.day - eighteen.day + 1)
        field, error = rejection(path, ada(birth_date=younger.isoformat()))
        assert (field, "Under 18" in error) == ("birth_date", True)
        assert run(path, ada(birth_date=eighteen.isoformat()))["created"] == 1

    @pytest.mark.parametrize("code", ["XX", "EU", "SWE", "46"])
    def test_a_country_that_is_none_is_refused(self, path: Path, code: str) -> None:
        assert rejection(path, ada(country=code))[0] == "country"

    def test_a_board_that_is_none_is_refused(self, path: Path) -> None:
        assert rejection(path, ada(board="curve"))[0] == "board"

    def test_a_language_that_is_none_is_refused(self, path: Path) -> None:
        assert rejection(path, ada(language="xx"))[0] == "language"

    def test_codes_may_be_written_in_any_case(self, path: Path) -> None:
        run(path, ada(country="se", board="WOMEN", language="en-GB"))
        entry = RosterEntry.objects.get()
        assert (entry.country, entry.board, entry.language) == ("SE", "women", "en-gb")

    def test_a_duplicate_inside_the_file_is_refused(self, path: Path) -> None:
        report = run(path, ADA, BO, ada(email="Ada@example.com", first_name="Eve"), exits=1)
        assert report["rejected"] == [{"row": 4, "field": "email", "error": "Row 2 has the same address."}]
        assert RosterEntry.objects.get(email="ada@example.com").first_name == "Ada"

    def test_a_duplicate_in_a_later_batch_is_refused(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("apps.roster.services.importing.BATCH", 1)
        assert run(path, ADA, BO, ADA, exits=1)["created"] == 2

    def test_a_nul_byte_is_refused(self, path: Path) -> None:
        assert rejection(path, ada(first_name="A\0da"))[0] == "first_name"

    def test_an_overlong_text_is_refused(self, path: Path) -> None:
        assert rejection(path, ada(last_name="x" * 81)) == ("last_name", "At most 80 characters.")

    def test_a_formula_stays_plain_text(self, path: Path) -> None:
        run(path, ada(first_name="=cmd|' /C calc'!A0"))
        assert RosterEntry.objects.get().first_name == "=cmd|' /C calc'!A0"
