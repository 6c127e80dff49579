"""A party's month: what came, for what, and the month's end that never changes."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.common.errors import Refused
from apps.ledger.models import Entry
from apps.ledger.services import Leg, audit, balance, post
from apps.pricing.quote import Ask, quote
from apps.royalties.csv_export import csv_bytes, csv_rows
from apps.royalties.models import Royalty, Statement
from apps.royalties.month_end import close_month, verify
from apps.royalties.periods import Month
from apps.royalties.services import agree, earn
from apps.royalties.split import split
from apps.royalties.statements import currencies, monthly_totals, statement
from apps.royalties.tasks import close_last_month
from tests.integration.processes import in_processes

pytestmark = pytest.mark.django_db

AMINA, NORDLYS, LAGOS = f"talent:{UUID(int=1)}", f"org:{UUID(int=2)}", f"org:{UUID(int=3)}"


def deliver(number: int, at: datetime, currency: str = "EUR") -> str:
    """One booking of the worked example, paid and delivered."""
    ref = f"booking:{UUID(int=100 + number)}"
    price = quote(Ask(150_000, currency, 40, ("ecommerce",), ("DE",), 12, "none", "fashion", True, "DE"), on=at.date())
    shares = split(price, talent=AMINA, agency=NORDLYS, mother_agency=LAGOS, commission_bp=2_000, mother_bp=1_000)
    agree(charge_ref=ref, shares=shares, by=Actor.SYSTEM)
    legs = [
        Leg("stripe", currency, price.total_minor),
        Leg(f"held:{ref}", currency, -price.net_minor),
        Leg("vat:DE", currency, -price.vat_minor),
    ]
    post(key=f"paid:{ref}", kind="paid", ref=ref, legs=legs, occurred_at=at, by="system")
    earn(charge_ref=ref, delivered_at=at, by=Actor.SYSTEM)
    return ref


def transfer(party: str, amount: int, at: datetime) -> None:
    legs = [Leg(f"payable:{party}", "EUR", amount), Leg("stripe", "EUR", -amount)]
    post(key=f"transfer:{uuid4()}", kind="transfer", ref="", legs=legs, occurred_at=at, by="system")


@pytest.fixture
def autumn() -> list[str]:
    """Two bookings in September, a transfer and one booking in October 2026."""
    refs = [deliver(1, datetime(2026, 9, 3, tzinfo=UTC)), deliver(2, datetime(2026, 9, 30, 23, 59, tzinfo=UTC))]
    transfer(AMINA, 840_000, datetime(2026, 10, 5, tzinfo=UTC))
    return [*refs, deliver(3, datetime(2026, 10, 20, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("party", "september", "october"),
    [
        (AMINA, (0, 840_000, 840_000), (840_000, -420_000, 420_000)),
        (NORDLYS, (0, 315_000, 315_000), (315_000, 157_500, 472_500)),
        (LAGOS, (0, 105_000, 105_000), (105_000, 52_500, 157_500)),
        ("platform", (0, 84_000, 84_000), (84_000, 42_000, 126_000)),
    ],
)
def test_opening_and_entries_make_the_closing(
    autumn: list[str], party: str, september: tuple[int, ...], october: tuple[int, ...]
) -> None:
    for month, expected in ((9, september), (10, october)):
        sheet = statement(party, 2026, month)
        moved = sum(line.amount_minor for line in sheet.lines)
        assert (sheet.opening_minor, moved, sheet.closing_minor) == expected
    assert statement(party, 2026, 11).opening_minor == october[2]


def test_amina_sees_both_of_the_agencys_lines(autumn: list[str]) -> None:
    sheet = statement(AMINA, 2026, 10)

    assert sheet.totals == {"transfer": -840_000, "fee": 420_000}
    assert (sheet.earned_minor, sheet.moved_minor) == (420_000, -840_000)
    charge = sheet.charges[0]
    assert (charge.ref, charge.fee_minor) == (autumn[2], 525_000)
    assert [(part.party, part.reason, part.amount_minor) for part in charge.parts] == [
        (AMINA, "fee", 420_000),
        (NORDLYS, "commission", 52_500),
        (NORDLYS, "service", 105_000),
        (LAGOS, "commission", 52_500),
        ("platform", "platform", 42_000),
    ]


def test_the_agency_has_a_line_for_each_reason(autumn: list[str]) -> None:
    sheet = statement(NORDLYS, 2026, 10)

    assert [(line.label, line.amount_minor) for line in sheet.lines] == [
        ("Commission on the model's fee", 52_500),
        ("Service charge paid by the brand", 105_000),
    ]


def test_a_mother_agency_sees_the_fee_and_her_own_part_only(autumn: list[str]) -> None:
    charge = statement(LAGOS, 2026, 10).charges[0]

    assert (charge.fee_minor, [part.party for part in charge.parts]) == (525_000, [LAGOS])


def test_a_party_without_any_royalty_has_an_empty_month() -> None:
    sheet = statement(f"talent:{uuid4()}", 2026, 10)

    assert (sheet.opening_minor, sheet.lines, sheet.closing_minor, sheet.currency) == (0, (), 0, "EUR")
    with pytest.raises(ValueError, match="month"):
        statement(AMINA, 2026, 13)


def test_each_currency_has_a_statement_of_its_own(autumn: list[str]) -> None:
    deliver(4, datetime(2026, 10, 21, tzinfo=UTC), currency="SEK")

    assert currencies(AMINA) == ["EUR", "SEK"]
    assert statement(AMINA, 2026, 10).closing_minor == 420_000
    assert statement(AMINA, 2026, 10, currency="SEK").totals == {"fee": 420_000}


def test_the_number_of_queries_does_not_grow_with_the_rows(autumn: list[str]) -> None:
    counts = []
    for extra in range(2):
        for number in range(8 * extra):
            deliver(10 + number, datetime(2026, 10, 22, tzinfo=UTC))
        with CaptureQueriesContext(connection) as queries:
            sheet = statement(NORDLYS, 2026, 10)
            monthly_totals(NORDLYS)
            list(csv_rows(sheet))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_twelve_months_for_a_chart(autumn: list[str]) -> None:
    totals = monthly_totals(AMINA, until=date(2026, 11, 23))

    assert [(total.year, total.month) for total in totals][:2] == [(2025, 12), (2026, 1)]
    assert len(totals) == 12
    assert [(total.earned_minor, total.moved_minor) for total in totals[-4:]] == [
        (0, 0),
        (840_000, 0),
        (420_000, -840_000),
        (0, 0),
    ]


def test_the_spreadsheet_adds_up_and_runs_no_formula(autumn: list[str]) -> None:
    evil = '=HYPERLINK("http://evil.example";"click")'
    legs = [Leg(f"payable:{AMINA}", "EUR", 100), Leg("stripe", "EUR", -100)]
    at = datetime(2026, 10, 21, tzinfo=UTC)
    post(key="evil", kind="transfer", ref=evil, legs=legs, occurred_at=at, by="system")
    data = csv_bytes(statement(AMINA, 2026, 10))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))

    assert data.startswith(b"\xef\xbb\xbf")
    assert rows[1] == ["2026-10", "Opening balance", "", "", "EUR", "8400.00"]
    assert rows[2] == ["2026-10-05", "Transfer", "", "-8400.00", "EUR", "0.00"]
    assert rows[-1][-1] == "4199.00"
    assert rows[4][2] == "'" + evil
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_a_closed_month_chains_and_can_be_verified(autumn: list[str]) -> None:
    closed = close_month(year=2026, month=10, by=Actor.SYSTEM)
    amina = [row for row in closed if row.party == AMINA]

    assert [(row.period.month, row.first_entry, row.last_entry) for row in amina] == [(9, 1, 2), (10, 3, 4)]
    assert [(row.opening, row.closing) for row in amina] == [(0, 840_000), (840_000, 420_000)]
    assert len(closed) == 8
    assert all(verify(row) for row in closed)
    assert statement(AMINA, 2026, 10).closed == amina[1]
    assert statement(AMINA, 2026, 10).closing_minor == amina[1].closing
    assert Event.objects.filter(kind="royalties.statements_closed", subject=AMINA).count() == 1
    assert close_month(year=2026, month=10, by=Actor.SYSTEM) == []


def test_a_month_without_entries_carries_the_balance_on(autumn: list[str]) -> None:
    deliver(5, datetime(2026, 11, 2, tzinfo=UTC))
    close_month(year=2026, month=9, by=Actor.SYSTEM)
    [platform] = [row for row in close_month(year=2026, month=10, by=Actor.SYSTEM) if row.party == LAGOS]

    assert (platform.opening, platform.closing) == (105_000, 157_500)


def test_what_comes_late_is_in_the_next_month(autumn: list[str]) -> None:
    close_month(year=2026, month=10, by=Actor.SYSTEM)
    deliver(6, datetime(2026, 10, 31, tzinfo=UTC))

    assert len(statement(AMINA, 2026, 10).lines) == 2
    november = statement(AMINA, 2026, 11)
    assert [(line.booked_at, line.amount_minor) for line in november.lines] == [(Month(2026, 11).start, 420_000)]
    assert (november.opening_minor, november.closing_minor) == (420_000, 840_000)


def test_a_running_month_is_not_closed(autumn: list[str]) -> None:
    today = datetime.now(UTC)
    with pytest.raises(Refused) as refusal:
        close_month(year=today.year, month=today.month, by=Actor.SYSTEM)
    assert refusal.value.code == "month_not_over"
    assert not Statement.objects.exists()


def test_the_nightly_task_closes_once(autumn: list[str]) -> None:
    assert close_last_month.run() > 0
    assert close_last_month.run() == 0


def test_the_database_keeps_closed_statements_and_gives_each_entry_to_one(autumn: list[str]) -> None:
    close_month(year=2026, month=10, by=Actor.SYSTEM)
    october = Statement.objects.get(party=AMINA, period=date(2026, 10, 1))
    for attack in ("UPDATE royalties_statement SET closing = 0", "DELETE FROM royalties_statement"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
    with pytest.raises(IntegrityError, match="statement_each_entry_once"), transaction.atomic():
        Statement.objects.create(
            party=AMINA, currency="EUR", period=date(2026, 11, 1), first_entry=october.last_entry,
            last_entry=october.last_entry + 1, opening=0, closing=0, sha256="", closed_by="mallory",
        )  # fmt: skip


def test_a_statement_whose_entries_were_forged_does_not_verify(autumn: list[str]) -> None:
    close_month(year=2026, month=10, by=Actor.SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_entry SET memo = 'commission' WHERE memo = 'fee' AND position = 1")
        cursor.execute("SET LOCAL session_replication_role = origin")

    september, october = Statement.objects.filter(party=AMINA).order_by("period")
    assert (verify(september), verify(october)) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_a_month_closed_while_posting_has_each_entry_in_one_statement() -> None:
    """Three processes deliver into last month while a fourth closes it again and again."""
    last = Month.of(datetime.now(UTC).date()).plus(-1)
    at = last.end - timedelta(days=2)
    deliver(0, at)

    def work(number: int) -> str:
        for turn in range(12):
            if number == 0:
                close_month(year=last.year, month=last.month, by=Actor.SYSTEM)
            else:
                deliver(1_000 * number + turn, at)
        return "done"

    assert in_processes(4, work) == ["done"] * 4
    assert audit().balanced
    for party, account in ((AMINA, f"payable:{AMINA}"), ("platform", "platform:fees")):
        row = Statement.objects.get(party=party)
        entries = Entry.objects.filter(account__code=account).order_by("position")
        inside = [entry for entry in entries if entry.booked_at < last.end]
        assert [entry.position for entry in inside] == list(range(row.first_entry, row.last_entry + 1))
        assert (row.closing, verify(row)) == (-sum(entry.amount for entry in inside), True)
        now = statement(party, last.plus(1).year, last.plus(1).month)
        assert now.opening_minor == row.closing
        assert now.closing_minor == -balance(account, "EUR")
        assert len(inside) + len(now.lines) == len(entries) == 37
    assert Royalty.objects.filter(state="earned").count() == 37 * 5
