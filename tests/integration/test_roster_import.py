"""`manage.py import_roster`: an agency's people from a CSV file: created, updated or left alone, by whom, once."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.audit.models import Event
from apps.common.errors import NotAllowed
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.roster.models import Invitation, RosterEntry
from apps.roster.services.importing import import_roster
from apps.roster.services.inviting import invite_model
from tests.factories.people import acting, make_member, make_organization
from tests.factories.roster import ADA, BO, HEADER, ada, run, run_file
from tests.integration.processes import in_processes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agency() -> Organization:
    return make_organization("agency", "elan")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


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


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Each in a process of its own, both beginning at the same moment."""

    ROWS = [ada(email=f"model{number}@example.com") for number in range(300)]

    def test_two_imports_of_one_file_create_nothing_twice(self, path: Path) -> None:
        path.write_text("\n".join([HEADER, *self.ROWS]))
        reports = in_processes(2, lambda number: run_file(path))
        assert sorted((report["created"], report["unchanged"]) for report in reports) == [(0, 300), (300, 0)]
        assert (RosterEntry.objects.count(), Invitation.objects.count()) == (300, 300)
        assert Event.objects.filter(kind="roster.imported").count() == 1

    def test_files_in_opposite_order_wait_for_each_other_and_deadlock_on_nothing(self, path: Path) -> None:
        def work(number: int) -> dict:
            own = path.with_name(f"{number}.csv")
            return run(own, *(self.ROWS if number else self.ROWS[::-1]))

        reports = in_processes(2, work)
        assert sum(report["created"] for report in reports) == 300
        assert RosterEntry.objects.count() == 300

    def test_an_invitation_by_hand_in_the_middle_of_an_import_happens_once(
        self, path: Path, agency: Organization
    ) -> None:
        booker = make_member(agency, "booker", "claire").actor
        person = dict(zip(HEADER.split(","), self.ROWS[150].split(","), strict=True))

        def work(number: int) -> str:
            if number:
                return str(run(path, *self.ROWS)["rows"])
            return invite_model(by=booker, agency=agency, person=person).email

        answers = in_processes(2, work)
        assert answers[1] == "300"
        assert answers[0] in ("model150@example.com", "InvalidInput: This address is on your roster already.")
        assert (RosterEntry.objects.count(), Invitation.objects.count()) == (300, 300)


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
