"""`manage.py import_roster`: an agency's people from a CSV file, whatever wrote it and whatever is wrong in it."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.audit.models import Event
from apps.common.errors import NotAllowed
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.roster.models import Invitation, RosterEntry
from apps.roster.services import reading
from apps.roster.services.importing import import_roster
from tests.factories.people import acting, make_member, make_organization

HEADER = "email,first_name,last_name,birth_date,country,board,language"
ADA = "ada@example.com,Ada,Berg,1999-04-01,SE,women,sv"
BO = "bo@example.com,Bo,Lind,2000-12-31,DK,men,da"

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Organization:
    return make_organization("agency", "elan")


@pytest.fixture
def path(tmp_path: Path, agency: Organization) -> Path:
    return tmp_path / "roster.csv"


def run(path: Path, *rows: str, exits: int = 0, options: tuple[str, ...] = ()) -> dict:
    """The JSON report of importing these rows under the usual header."""
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return run_file(path, exits=exits, options=options)


def run_file(path: Path, *, exits: int = 0, options: tuple[str, ...] = ()) -> dict:
    out = StringIO()
    code = 0
    try:
        call_command("import_roster", str(path), "--agency", "elan", "--json", *options, stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    assert code == exits
    return json.loads(out.getvalue())


def rejection(path: Path, row: str) -> tuple[str, str]:
    """Field and error of the only row, which is rejected."""
    report = run(path, row, exits=1)
    assert not RosterEntry.objects.exists()
    (found,) = report["rejected"]
    assert found["row"] == 2
    return found["field"], found["error"]


def ada(**changes: str) -> str:
    values = dict(zip(HEADER.split(","), ADA.split(","), strict=True)) | changes
    return ",".join(values.values())


def refusal(path: Path, agency: str = "elan") -> str:
    """What the command says of a file or an agency that it cannot use; it exits with 2 and keeps nothing."""
    with pytest.raises(CommandError) as caught:
        call_command("import_roster", str(path), "--agency", agency)
    assert caught.value.returncode == 2
    assert not RosterEntry.objects.exists()
    return str(caught.value)


class TestRows:
    def test_a_new_row_becomes_an_entry_with_a_pending_invitation(self, path: Path, agency: Organization) -> None:
        assert run(path, ADA) == {"rows": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": []}
        entry = RosterEntry.objects.get()
        assert (entry.agency, entry.talent, entry.email) == (agency, None, "ada@example.com")
        assert (entry.first_name, entry.last_name, entry.birth_date) == ("Ada", "Berg", date(1999, 4, 1))
        assert (entry.country, entry.board, entry.language) == ("SE", "women", "sv")
        assert entry.invitations.get().state == Invitation.State.PENDING

    def test_nothing_is_mailed(self, path: Path, mailoutbox: list) -> None:
        run(path, ADA)
        assert mailoutbox == []

    def test_a_second_run_creates_nothing(self, path: Path) -> None:
        run(path, ADA, BO)
        assert run(path, ADA, BO) == {"rows": 2, "created": 0, "updated": 0, "unchanged": 2, "rejected": []}
        assert (RosterEntry.objects.count(), Invitation.objects.count(), Event.objects.count()) == (2, 2, 1)

    def test_a_changed_row_updates_its_entry_and_invites_nobody_again(self, path: Path) -> None:
        run(path, ADA, BO)
        report = run(path, ada(last_name="Bergman", board="open"), BO)
        assert (report["created"], report["updated"], report["unchanged"]) == (0, 1, 1)
        entry = RosterEntry.objects.get(email="ada@example.com")
        assert (entry.last_name, entry.board, entry.invitations.count()) == ("Bergman", "open", 1)

    def test_upper_case_addresses_are_the_same_person(self, path: Path) -> None:
        run(path, ADA)
        assert run(path, ada(email="ADA@Example.COM"))["unchanged"] == 1

    def test_who_is_not_in_the_file_stays(self, path: Path) -> None:
        run(path, ADA)
        run(path, BO)
        assert RosterEntry.objects.count() == 2

    def test_two_agencies_may_know_the_same_person(self, path: Path) -> None:
        run(path, ADA)
        make_organization("agency", "northlight")
        call_command("import_roster", str(path), "--agency", "northlight", stdout=StringIO())
        assert RosterEntry.objects.filter(email="ada@example.com").count() == 2

    def test_good_rows_are_kept_though_others_are_rejected(self, path: Path) -> None:
        report = run(path, ADA, ada(email="nobody", country="XX"), BO, exits=1)
        assert (report["rows"], report["created"]) == (3, 2)
        assert [(found["row"], found["field"]) for found in report["rejected"]] == [(3, "email")]

    def test_a_dry_run_reports_the_same_and_writes_nothing(self, path: Path) -> None:
        run(path, ADA)
        rows = (ada(first_name="Adele"), BO, ada(email="x@example.com", country="XX"))
        dry = run(path, *rows, exits=1, options=("--dry-run",))
        assert RosterEntry.objects.get().first_name == "Ada"
        assert Event.objects.count() == 1
        assert dry == run(path, *rows, exits=1)
        assert (dry["created"], dry["updated"]) == (1, 1)

    def test_without_json_it_speaks_in_sentences(self, path: Path) -> None:
        path.write_text(f"{HEADER}\n{ADA}\n{ada(email='x@example.com', board='x')}\n")
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("import_roster", str(path), "--agency", "elan", stdout=out)
        assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 rejected." in out.getvalue()
        assert "Row 3, board: Give one of women, men, open." in out.getvalue()


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


class TestRights:
    def test_a_booker_of_the_agency_may(self, path: Path, agency: Organization) -> None:
        booker = make_member(agency, "booker", "claire")
        path.write_text(f"{HEADER}\n{ADA}\n")
        with path.open("rb") as file:
            assert import_roster(by=booker.actor, agency=agency, file=file).created == 1
        assert Event.objects.get().payload.body.count(booker.actor.label) == 1

    @pytest.mark.parametrize("role", ["accountant", "other"])
    def test_nobody_else_may(self, path: Path, agency: Organization, role: str) -> None:
        if role == "other":
            person = make_member(make_organization("agency", "northlight"), "owner", "axel")
        else:
            person = make_member(agency, role, "claire")
        path.write_text(f"{HEADER}\n{ADA}\n")
        with path.open("rb") as file, pytest.raises(NotAllowed):
            import_roster(by=person.actor, agency=agency, file=file)

    def test_a_brand_has_no_roster(self, path: Path) -> None:
        brand = make_organization("brand", "halden-rye")
        user = make_member(brand, "owner", "jonas").user
        by = acting(user, brand.party, "brand", frozenset({Permission.MANAGE_ROSTER}))
        path.write_text(f"{HEADER}\n{ADA}\n")
        with path.open("rb") as file, pytest.raises(NotAllowed):
            import_roster(by=by, agency=brand, file=file)


class TestTables:
    def test_an_entry_has_one_open_invitation_at_most(self, path: Path) -> None:
        run(path, ADA)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(entry=RosterEntry.objects.get())

    def test_an_address_with_capitals_cannot_be_stored(self, path: Path) -> None:
        run(path, ADA)
        with pytest.raises(IntegrityError), transaction.atomic():
            RosterEntry.objects.update(email="Ada@example.com")

    def test_an_invitation_is_sent_then_expired_or_accepted(self) -> None:
        now = timezone.now()
        invitation = Invitation(secret_sha256="0" * 64, expires_at=now + timedelta(days=14))
        assert invitation.state == Invitation.State.SENT
        invitation.expires_at = now - timedelta(seconds=1)
        assert invitation.state == Invitation.State.EXPIRED
        invitation.accepted_at = now
        assert invitation.state == Invitation.State.ACCEPTED
