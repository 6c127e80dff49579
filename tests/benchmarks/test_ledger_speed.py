"""How fast the books are with 100,000 legs in them. The limits are the design's; the figures are printed with `-s`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.ledger.models import Account, Entry, Journal, Seal
from apps.ledger.services import Leg, audit, balance, post
from apps.pricing.quote import Ask, quote
from apps.royalties.statements import monthly_totals, statement

JOURNALS, LEGS = 12_500, 8
BATCH = 100
PAYEES = [f"payable:talent:{UUID(int=number)}" for number in range(400)]

pytestmark = pytest.mark.benchmark


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The best of the runs: the others measure what else the machine is doing."""
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return min(spent)


def fill() -> None:
    """100,000 legs, past the service but through every trigger; one account is in every journal."""
    opening = [Leg(code, "EUR", -1) for code in PAYEES]
    post(key="open", kind="earned", ref="", legs=[*opening, Leg("stripe", "EUR", 400)], occurred_at=at(1), by="system")
    accounts = {account.code: account for account in Account.objects.all()}
    for first in range(0, JOURNALS, BATCH):
        with transaction.atomic():
            write(range(first, first + BATCH), accounts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_entry, ledger_balance, ledger_journal, ledger_seal")


def write(numbers: range, accounts: dict[str, Account]) -> None:
    booked = at(1 + numbers.start * 27 // JOURNALS)
    journals = [
        Journal(
            key=f"earned:{n}", kind="earned", ref=f"booking:{n}", fingerprint="0" * 64, occurred_at=booked, actor="x"
        )
        for n in numbers
    ]
    Journal.objects.bulk_create(journals)
    entries = []
    for number, journal in zip(numbers, journals, strict=True):
        codes = ["stripe", *(PAYEES[(number * 7 + leg) % len(PAYEES)] for leg in range(LEGS - 1))]
        for seq, code in enumerate(codes):
            amount = 100 * (LEGS - 1) if seq == 0 else -100
            entries.append(
                Entry(
                    journal=journal,
                    seq=seq,
                    account=accounts[code],
                    currency="EUR",
                    amount=amount,
                    memo="fee",
                    booked_at=booked,
                )
            )
    Entry.objects.bulk_create(sorted(entries, key=lambda entry: entry.account.code))
    Seal.objects.bulk_create(Seal(journal=journal, n=LEGS, gross=100 * (LEGS - 1)) for journal in journals)


def at(day: int) -> datetime:
    return datetime(2026, 10, day, tzinfo=UTC)


def six_legs(number: int) -> Journal:
    payees = [Leg(PAYEES[(number + leg) % len(PAYEES)], "EUR", -100) for leg in range(4)]
    legs = [Leg("stripe", "EUR", 500), Leg("platform:fees", "EUR", -100), *payees]
    return post(key=f"speed:{number}", kind="earned", ref="", legs=legs, occurred_at=timezone.now(), by="system")


@pytest.mark.django_db(transaction=True)
def test_the_books_with_100_000_legs() -> None:
    filled = seconds(fill)
    one_balance = seconds(lambda: balance("stripe", "EUR"), times=50)
    whole_audit = seconds(audit)
    numbers = iter(range(1_000))
    one_posting = seconds(lambda: [six_legs(next(numbers)) for _ in range(40)], times=5) / 40
    one_statement = seconds(lambda: statement(PAYEES[7].removeprefix("payable:"), 2026, 10), times=5)
    one_chart = seconds(lambda: monthly_totals(PAYEES[7].removeprefix("payable:")), times=5)
    print(
        f"\n{Entry.objects.count():,} legs written in {filled:.1f} s; balance {one_balance * 1e3:.2f} ms; audit"
        f" {whole_audit:.2f} s; {1 / one_posting:.0f} postings of six legs a second; statement"
        f" {one_statement * 1e3:.1f} ms; chart {one_chart * 1e3:.1f} ms"
    )

    assert audit().differences == []
    assert one_balance < 0.002
    assert whole_audit < 2
    assert 1 / one_posting > 50


def test_a_quote_is_live() -> None:
    ask = Ask(150_000, "EUR", 40, ("ecommerce", "own"), ("DE", "AT"), 12, "none", "swim", True, "DE")
    one = seconds(lambda: quote(ask), times=50)
    print(f"\na quote takes {one * 1e3:.2f} ms")

    assert one < 0.01
