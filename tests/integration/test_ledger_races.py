"""Many processes at the same accounts: no deadlock, no difference, nothing twice."""

import random
from uuid import UUID

import pytest
from django.utils import timezone

from apps.ledger.errors import BelowFloor
from apps.ledger.models import Account, Balance, Entry, Journal
from apps.ledger.services import Leg, audit, balance, post, reverse
from tests.integration.processes import in_processes

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8
HELD = "held:booking:00000000-0000-0000-0000-0000000000b0"
PAYEES = [f"payable:talent:{UUID(int=number)}" for number in range(4)]


def put(key: str, legs: list[Leg]) -> Journal:
    return post(key=key, kind="test", ref="booking:b0", legs=legs, occurred_at=timezone.now(), by="system")


def test_eight_processes_on_hot_accounts_neither_block_nor_differ() -> None:
    each = 60

    def work(number: int) -> int:
        chance = random.Random(number)
        for turn in range(each):
            names = chance.sample(["stripe", HELD, "vat:DE", "platform:fees", *PAYEES], 5)
            legs = [Leg(name, "EUR", -chance.randint(1, 500)) for name in names if name != HELD]
            put(f"{number}:{turn}", [*legs, Leg("bank", "EUR", -sum(leg.amount_minor for leg in legs))])
        return each

    assert in_processes(PROCESSES, work) == [each] * PROCESSES
    assert Journal.objects.count() == each * PROCESSES
    assert audit().differences == []


def test_accounts_that_do_not_exist_yet_are_opened_once() -> None:
    codes = [f"payable:talent:{UUID(int=number)}" for number in range(30)]

    def work(number: int) -> str:
        shuffled = random.Random(number).sample(codes, len(codes))
        legs = [Leg(code, "EUR", -1) for code in shuffled]
        return put(f"open:{number}", [*legs, Leg("bank", "EUR", len(legs))]).key

    assert in_processes(PROCESSES, work) == [f"open:{number}" for number in range(PROCESSES)]
    assert Account.objects.count() == len(codes) + 1
    assert set(Balance.objects.filter(account__party__startswith="talent:").values_list("amount", "n")) == {(-8, 8)}
    assert audit().balanced


def test_one_key_from_eight_processes_is_one_journal() -> None:
    def work(_: int) -> str:
        return str(put("paid:pi_1", [Leg("stripe", "EUR", 500), Leg(HELD, "EUR", -500)]).pk)

    assert len(set(in_processes(PROCESSES, work))) == 1
    assert (Journal.objects.count(), Entry.objects.count()) == (1, 2)


def test_eight_processes_cannot_take_out_more_than_is_held() -> None:
    put("paid:pi_1", [Leg("stripe", "EUR", 1_000), Leg(HELD, "EUR", -1_000)])

    def work(number: int) -> int:
        taken = 0
        for turn in range(20):
            try:
                put(f"take:{number}:{turn}", [Leg(HELD, "EUR", 30), Leg("platform:fees", "EUR", -30)])
            except BelowFloor:
                continue
            taken += 1
        return taken

    assert sum(in_processes(PROCESSES, work)) == 33
    assert balance(HELD, "EUR") == -10
    assert audit().balanced


def test_a_journal_is_reversed_once() -> None:
    journal = put("paid:pi_1", [Leg("stripe", "EUR", 500), Leg("bank", "EUR", -500)])

    def work(_: int) -> str:
        return str(reverse(journal, occurred_at=timezone.now(), by="system").pk)

    assert len(set(in_processes(PROCESSES, work))) == 1
    assert (balance("stripe", "EUR"), Journal.objects.count()) == (0, 2)


def test_audits_during_postings_see_no_difference() -> None:
    def work(number: int) -> list[str]:
        if number == 0:
            return [str(difference) for _ in range(15) for difference in audit().differences]
        for turn in range(40):
            put(f"{number}:{turn}", [Leg("stripe", "EUR", 7), Leg(PAYEES[turn % 4], "EUR", -7)])
        return []

    assert in_processes(4, work) == [[]] * 4
