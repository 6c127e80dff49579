"""Posting, balances, keys and reversals as every other part of the site uses them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from apps.common.errors import InvalidInput, Refused
from apps.ledger.errors import BelowFloor, KeyReused, Unbalanced
from apps.ledger.models import Account, Balance, Entry, Journal, Seal
from apps.ledger.services import Leg, audit, balance, close_books, entries, post, reverse

pytestmark = pytest.mark.django_db

AMINA = "payable:talent:00000000-0000-0000-0000-0000000000aa"
HELD = "held:booking:00000000-0000-0000-0000-0000000000b0"
PAID = [Leg("stripe", "EUR", 799_680), Leg(HELD, "EUR", -672_000), Leg("vat:DE", "EUR", -127_680)]
EARNED = [Leg(HELD, "EUR", 420_000), Leg(AMINA, "EUR", -420_000)]


def pay(key: str = "paid:pi_1", legs: list[Leg] = PAID, at: datetime | None = None) -> Journal:
    return post(key=key, kind="paid", ref="booking:b0", legs=legs, occurred_at=at or timezone.now(), by="system")


def earn(key: str = "earned:b0", legs: list[Leg] = EARNED, at: datetime | None = None) -> Journal:
    return post(key=key, kind="earned", ref="booking:b0", legs=legs, occurred_at=at or timezone.now(), by="system")


def test_a_payment_lands_on_its_accounts() -> None:
    journal = pay()

    assert (balance("stripe", "EUR"), balance(HELD, "EUR"), balance("vat:DE", "EUR")) == (799_680, -672_000, -127_680)
    assert balance("stripe", "SEK") == 0
    assert Seal.objects.get(journal=journal).gross == 799_680
    assert audit().balanced


def test_accounts_open_with_what_the_chart_says() -> None:
    pay()
    earn()

    held, amina = Account.objects.get(code=HELD), Account.objects.get(code=AMINA)
    assert (held.kind, held.side, held.floor, held.party) == ("liability", -1, 0, "")
    assert (amina.kind, amina.floor) == ("liability", None)
    assert amina.party == "talent:00000000-0000-0000-0000-0000000000aa"


def test_every_entry_knows_its_position_and_the_balance_after_it() -> None:
    pay()
    pay("paid:pi_2")
    earn()

    found = [(entry.position, entry.amount, entry.balance_after) for entry in entries(HELD, "EUR")]
    assert found == [(3, 420_000, -924_000), (2, -672_000, -1_344_000), (1, -672_000, -672_000)]


def test_the_same_key_with_the_same_legs_does_nothing() -> None:
    first, again = pay(), pay(legs=list(reversed(PAID)))

    assert first == again
    assert Journal.objects.count() == 1
    assert balance("stripe", "EUR") == 799_680


def test_the_same_key_with_other_legs_is_refused() -> None:
    pay()
    with pytest.raises(KeyReused):
        pay(legs=[Leg("stripe", "EUR", 1), Leg(HELD, "EUR", -1)])
    with pytest.raises(KeyReused):
        post(key="paid:pi_1", kind="refund", ref="booking:b0", legs=PAID, occurred_at=timezone.now(), by="system")

    assert balance("stripe", "EUR") == 799_680


@pytest.mark.parametrize(
    "legs",
    [
        [],
        [Leg("stripe", "EUR", 1)],
        [Leg("stripe", "EUR", 100), Leg(HELD, "EUR", -99)],
        [Leg("stripe", "EUR", 100), Leg(HELD, "SEK", -100)],
    ],
)
def test_legs_that_do_not_cancel_out_are_refused(legs: list[Leg]) -> None:
    with pytest.raises(Unbalanced):
        pay(legs=legs)
    assert not Journal.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        Leg("stripe", "EUR", 0),
        Leg("stripe", "EUR", 1.5),  # type: ignore[arg-type]
        Leg("stripe", "eur", 100),
        Leg("petty_cash", "EUR", 100),
    ],
)
def test_a_leg_that_is_none_is_refused(wrong: Leg) -> None:
    with pytest.raises(InvalidInput):
        pay(legs=[wrong, Leg(HELD, wrong.currency, -wrong.amount_minor)])
    assert not Journal.objects.exists()


def test_nothing_is_booked_in_the_future() -> None:
    with pytest.raises(InvalidInput) as refusal:
        pay(at=timezone.now() + timedelta(hours=1))
    assert refusal.value.field == "occurred_at"


def test_nobody_takes_more_out_of_held_than_came_in() -> None:
    pay()
    earn()
    with pytest.raises(BelowFloor):
        earn("earned:b0:again", [Leg(HELD, "EUR", 252_001), Leg(AMINA, "EUR", -252_001)])

    assert balance(HELD, "EUR") == -252_000
    earn("earned:b0:rest", [Leg(HELD, "EUR", 252_000), Leg(AMINA, "EUR", -252_000)])
    assert balance(HELD, "EUR") == 0


def test_a_payee_may_go_below_zero_after_a_refund() -> None:
    post(
        key="refund:1",
        kind="refund",
        ref="booking:b0",
        legs=[Leg(AMINA, "EUR", 5_000), Leg("stripe", "EUR", -5_000)],
        occurred_at=timezone.now(),
        by="system",
    )
    assert balance(AMINA, "EUR") == 5_000


def test_a_refused_posting_leaves_the_callers_transaction_usable() -> None:
    with transaction.atomic():
        pay()
        with pytest.raises(BelowFloor):
            earn(legs=[Leg(HELD, "EUR", 900_000), Leg(AMINA, "EUR", -900_000)])
        earn()
    assert balance(AMINA, "EUR") == -420_000


def test_a_reversal_nets_to_zero_and_happens_once() -> None:
    pay()
    journal = earn()
    mirror = reverse(journal, occurred_at=timezone.now(), by="system")

    assert reverse(journal, occurred_at=timezone.now(), by="system") == mirror
    assert (balance(AMINA, "EUR"), balance(HELD, "EUR")) == (0, -672_000)
    assert mirror.reverses == journal
    with pytest.raises(Refused):
        reverse(mirror, occurred_at=timezone.now(), by="system")
    assert audit().balanced


def test_an_exchange_has_two_legs_per_currency() -> None:
    journal = pay(
        "fx:1",
        [
            Leg("stripe", "SEK", -112_000),
            Leg("fx_clearing", "SEK", 112_000),
            Leg("stripe", "EUR", 10_000),
            Leg("fx_clearing", "EUR", -10_000),
        ],
    )
    assert journal.entries.count() == 4
    assert (balance("fx_clearing", "SEK"), balance("fx_clearing", "EUR")) == (112_000, -10_000)
    assert audit().balanced


def test_entries_of_an_account_stay_in_order_of_time() -> None:
    march, june = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    pay(at=june)
    pay("paid:pi_2", at=march)

    assert [entry.booked_at for entry in entries("stripe", "EUR")] == [june, june]
    assert Journal.objects.get(key="paid:pi_2").occurred_at == march


def test_nothing_is_booked_into_closed_books() -> None:
    may, june = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    pay(at=may)
    stripe = Account.objects.get(code="stripe")
    close_books(account_id=stripe.pk, until=june)
    close_books(account_id=stripe.pk, until=may)
    pay("paid:pi_late", at=may + timedelta(days=3))

    assert [entry.booked_at for entry in entries("stripe", "EUR")] == [june, may]
    assert Balance.objects.get(account=stripe).booked_at == june
    assert audit().balanced


def test_two_legs_on_one_account_keep_their_memo() -> None:
    pay()
    earn(legs=[Leg(HELD, "EUR", 3), Leg(AMINA, "EUR", -1, "service"), Leg(AMINA, "EUR", -2, "commission")])

    found = Entry.objects.filter(account__code=AMINA).order_by("position").values_list("memo", "amount")
    assert list(found) == [("service", -1), ("commission", -2)]
