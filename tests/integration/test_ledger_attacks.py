"""Going round the services: every way of rewriting or bending the books with SQL is refused by the database."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.ledger.models import Account, Balance, Entry, Journal, Seal
from apps.ledger.services import Leg, audit, post
from apps.ledger.triggers import TRIGGERS, installed

HELD = "held:booking:00000000-0000-0000-0000-0000000000b0"
LEGS = [Leg("stripe", "EUR", 700), Leg(HELD, "EUR", -600), Leg("vat:DE", "EUR", -100)]

Insert = Callable[..., None]


def pay(key: str = "paid:pi_1", legs: list[Leg] = LEGS) -> Journal:
    return post(key=key, kind="paid", ref="booking:b0", legs=legs, occurred_at=timezone.now(), by="system")


def settled() -> None:
    """What a commit would check is checked now: TRUNCATE waits for no pending trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def new_journal(**fields: object) -> Journal:
    key = f"attack:{uuid4()}"
    return Journal.objects.create(
        key=key, kind="attack", fingerprint="0" * 64, occurred_at=timezone.now(), actor="mallory", **fields
    )


def add(journal: Journal | UUID, seq: int, code: str, amount: int, currency: str = "EUR") -> Entry:
    return Entry.objects.create(
        journal_id=getattr(journal, "pk", journal),
        seq=seq,
        account=Account.objects.get(code=code, currency="EUR"),
        currency=currency,
        amount=amount,
        booked_at=timezone.now(),
    )


@contextmanager
def refused(because: str) -> Iterator[None]:
    """The block runs in a transaction of its own, checked as at a commit, and must be refused with this text."""
    with pytest.raises(IntegrityError, match=because), transaction.atomic():
        yield
        settled()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("UPDATE ledger_entry SET amount = amount * 2", "append-only"),
        ("DELETE FROM ledger_entry", "append-only"),
        ("UPDATE ledger_journal SET occurred_at = now()", "append-only"),
        ("DELETE FROM ledger_journal", "append-only"),
        ("UPDATE ledger_seal SET n = 4", "append-only"),
        ("DELETE FROM ledger_seal", "append-only"),
        ("UPDATE ledger_account SET floor = NULL", "append-only"),
        ("UPDATE ledger_account SET party = 'org:mallory'", "append-only"),
        ("DELETE FROM ledger_account", "append-only"),
        ("UPDATE ledger_balance SET amount = amount - 1", "only by entries"),
        ("UPDATE ledger_balance SET n = n + 1", "only by entries"),
        ("UPDATE ledger_balance SET booked_at = booked_at - interval '1 day'", "only by entries"),
        ("UPDATE ledger_balance SET booked_at = NULL", "only by entries"),
        ("DELETE FROM ledger_balance", "only by entries"),
        ("INSERT INTO ledger_balance SELECT account_id, 0, 0, NULL FROM ledger_balance", "only by entries"),
        ("INSERT INTO ledger_entry SELECT * FROM ledger_entry", "duplicate key"),
        (
            "INSERT INTO ledger_entry (journal_id, seq, account_id, currency, amount, memo, booked_at, position,"
            " balance_after) SELECT journal_id, seq + 10, account_id, currency, -amount, '', now(), 0, 0"
            " FROM ledger_entry",
            "open journal",
        ),
    ],
)
def test_what_stands_in_the_books_is_not_rewritten(statement: str, because: str) -> None:
    pay()
    with refused(because), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audit().balanced


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["account", "balance", "entry", "journal", "seal"])
def test_no_table_is_emptied(table: str) -> None:
    pay()
    settled()
    with refused("cannot be emptied"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL double.allow_truncate = off")
        cursor.execute(f"TRUNCATE ledger_{table} CASCADE")
    assert Journal.objects.count() == 1


@pytest.mark.django_db
def test_a_journal_without_a_seal_cannot_be_committed() -> None:
    pay()
    with refused("has no seal"):
        new_journal()
    with refused("has no seal"):
        journal = new_journal()
        add(journal, 0, "stripe", 5)
        add(journal, 1, "vat:DE", -5)


@pytest.mark.django_db
def test_an_unbalanced_journal_cannot_be_sealed() -> None:
    pay()
    with refused("not balanced"):
        journal = new_journal()
        add(journal, 0, "stripe", 5)
        add(journal, 1, "vat:DE", -4)
        Seal.objects.create(journal=journal, n=2, gross=5)


@pytest.mark.django_db
@pytest.mark.parametrize(("n", "gross"), [(3, 5), (2, 6), (1, 5)])
def test_a_seal_describes_what_it_seals(n: int, gross: int) -> None:
    pay()
    with refused("does not describe"):
        journal = new_journal()
        add(journal, 0, "stripe", 5)
        add(journal, 1, "vat:DE", -5)
        Seal.objects.create(journal=journal, n=n, gross=gross)


@pytest.mark.django_db
def test_a_seal_over_nothing_is_refused() -> None:
    with refused("does not describe"):
        Seal.objects.create(journal=new_journal(), n=0, gross=0)


@pytest.mark.django_db
def test_nothing_is_added_after_the_seal() -> None:
    journal = pay()
    with refused("open journal"):
        add(journal, 7, "stripe", 5)


@pytest.mark.django_db
def test_an_entry_has_its_accounts_currency() -> None:
    pay()
    with refused("ledger_entry_in_the_accounts_currency"):
        add(new_journal(), 0, "stripe", 5, currency="SEK")


@pytest.mark.django_db
def test_an_entry_moves_something() -> None:
    pay()
    with refused("ledger_entry_not_zero"):
        add(new_journal(), 0, "stripe", 0)


@pytest.mark.django_db
def test_an_entry_cannot_choose_its_own_balance() -> None:
    pay()
    with transaction.atomic():
        journal = new_journal()
        for seq, (code, amount) in enumerate((("stripe", 5), ("vat:DE", -5))):
            account = Account.objects.get(code=code)
            Entry.objects.create(
                journal=journal, seq=seq, account=account, currency="EUR", amount=amount,
                booked_at=timezone.now(), position=99, balance_after=1_000_000,
            )  # fmt: skip
        Seal.objects.create(journal=journal, n=2, gross=5)

    assert audit().balanced
    assert Balance.objects.get(account__code="stripe").amount == 705


@pytest.mark.django_db
def test_the_floor_holds_for_raw_entries_too() -> None:
    pay()
    with refused("below its floor"):
        journal = new_journal()
        add(journal, 0, HELD, 601)
        add(journal, 1, "stripe", -601)
        Seal.objects.create(journal=journal, n=2, gross=601)


@pytest.mark.django_db
def test_a_reversal_that_is_no_mirror_is_refused() -> None:
    paid = pay()
    with refused("mirrors its journal"):
        journal = new_journal(reverses=paid)
        add(journal, 0, "vat:DE", 100)
        add(journal, 1, "stripe", -100)
        Seal.objects.create(journal=journal, n=2, gross=100)


@pytest.mark.django_db
def test_a_key_and_a_reversal_exist_once() -> None:
    paid = pay()
    with refused("ledger_journal_key"):
        Journal.objects.create(key=paid.key, kind="x", fingerprint="", occurred_at=timezone.now(), actor="mallory")
    with refused("ledger_journal_not_its_own_reversal"):
        own = uuid4()
        new_journal(pk=own, reverses_id=own)


@pytest.mark.django_db(transaction=True)
def test_another_connection_cannot_slip_an_entry_into_an_open_journal() -> None:
    """Mallory knows the id of a journal that is being written, and waits for its commit."""
    pay()
    stripe = Account.objects.get(code="stripe")
    with psycopg.connect(**_address()) as mallory, transaction.atomic():
        journal = new_journal()
        with pytest.raises(psycopg.errors.CheckViolation, match="open journal"):
            mallory.execute(
                "INSERT INTO ledger_entry (journal_id, seq, account_id, currency, amount, memo, booked_at, position,"
                " balance_after) VALUES (%s, 9, %s, 'EUR', 5, '', now(), 0, 0)",
                [journal.pk, stripe.pk],
            )
        mallory.rollback()
        add(journal, 0, "stripe", 5)
        add(journal, 1, "vat:DE", -5)
        Seal.objects.create(journal=journal, n=2, gross=5)
    assert audit().balanced


@pytest.mark.django_db
def test_the_triggers_in_the_database_are_those_in_the_code() -> None:
    assert installed() == TRIGGERS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("check", "forgery"),
    [
        ("journal_not_balanced", "UPDATE ledger_entry SET amount = amount + 1 WHERE seq = 0"),
        ("seal_wrong", "DELETE FROM ledger_seal"),
        ("seal_wrong", "UPDATE ledger_seal SET gross = gross + 1"),
        ("balance_wrong", "UPDATE ledger_balance SET amount = amount + 1"),
        ("balance_wrong", "DELETE FROM ledger_balance"),
        ("running_balance_wrong", "UPDATE ledger_entry SET balance_after = 0"),
        ("running_balance_wrong", "UPDATE ledger_entry SET position = position + 5"),
        ("below_floor", "UPDATE ledger_account SET floor = 601 WHERE floor = 0"),
        ("trigger_missing", "DROP TRIGGER ledger_append_only ON ledger_entry"),
        ("trigger_missing", "ALTER TABLE ledger_seal DISABLE TRIGGER ledger_seal_checks"),
    ],
)
def test_the_audit_finds_what_a_database_owner_forged(
    check: str, forgery: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pay()
    settled()
    with connection.cursor() as cursor:
        # The superuser's switch: no trigger and no foreign key looks at what follows.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(forgery)
        cursor.execute("SET LOCAL session_replication_role = origin")

    with pytest.raises(SystemExit) as end:
        call_command("audit_ledger", json=True)
    report = json.loads(capsys.readouterr().out)
    assert end.value.code == 1
    assert (report["balanced"], report["journals"], report["entries"]) == (False, 1, 3)
    assert check in {difference["check"] for difference in report["differences"]}


@pytest.mark.django_db
def test_the_audit_of_honest_books_prints_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    pay()
    call_command("audit_ledger", json=True)
    assert json.loads(capsys.readouterr().out) == {"balanced": True, "journals": 1, "entries": 3, "differences": []}

    call_command("audit_ledger")
    assert capsys.readouterr().out == "The ledger is balanced: 1 journals, 3 entries read, no differences.\n"


def _address() -> dict[str, str]:
    settings = connection.settings_dict
    return {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
