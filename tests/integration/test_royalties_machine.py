"""Bookings paid, delivered, closed, refunded, taken back and paid out in any order: the books always say the truth.

Beside the ledger runs the simplest bookkeeping there is: what came in from brands, what went out to whom.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from apps.accounts.actor import Actor
from apps.common.errors import Refused
from apps.ledger.models import Balance, Journal
from apps.ledger.services import Leg, audit, balance, post, reverse
from apps.pricing.quote import Ask, Quote, quote
from apps.royalties.closing import Rule, close
from apps.royalties.models import Royalty
from apps.royalties.services import account_of, agree, close_unearned, earn
from apps.royalties.split import split
from apps.royalties.statements import statement
from apps.royalties.taking_back import take_back

AMINA, NORDLYS, LAGOS = f"talent:{UUID(int=1)}", f"org:{UUID(int=2)}", f"org:{UUID(int=3)}"
ODILE, RUTH = f"crew:{UUID(int=4)}", f"crew:{UUID(int=5)}"
PARTIES = (AMINA, NORDLYS, LAGOS, "platform", ODILE, RUTH)
AT = datetime(2026, 10, 1, tzinfo=UTC)


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        self.number = 0
        self.paid: dict[str, Quote] = {}
        self.earned: dict[str, int] = {}  # booking → fee that is still with the parties
        self.to_refund: Counter[str] = Counter()  # booking → held amount that goes back
        self.from_brands = 0
        self.vat = 0
        self.sent: Counter[str] = Counter()
        self.transfers: list[tuple[str, int, Journal]] = []
        self.again: list[Callable[[], object]] = []

    def teardown(self) -> None:
        self.a_statement_closes_with_the_balance()
        transaction.set_rollback(True)
        self.open.__exit__(None, None, None)

    def do(self, act: Callable[[], object]) -> object:
        self.again.append(act)
        return act()

    @rule(day_rate=st.integers(1, 999_999), pictures=st.integers(1, 1_000), bp=st.integers(0, 2_000), more=st.data())
    def pay(self, day_rate: int, pictures: int, bp: int, more: st.DataObject) -> None:
        self.number += 1
        ref = f"booking:{UUID(int=self.number)}"
        ask = Ask(day_rate, "EUR", pictures, ("own",), ("DE",), 6, "category", "swim", True, "DE")
        crew = more.draw(st.dictionaries(st.sampled_from([ODILE, RUTH]), st.integers(1, 999_999)))
        price = quote(ask, on=date(2026, 10, 1), crew_minor=sum(crew.values()))
        mother_bp = more.draw(st.integers(0, bp))
        shares = split(
            price,
            talent=AMINA,
            agency=NORDLYS,
            mother_agency=LAGOS,
            commission_bp=bp,
            mother_bp=mother_bp,
            crew=crew,
        )
        self.do(lambda: agree(charge_ref=ref, shares=shares, by=Actor.SYSTEM))
        self.move("paid", ref, f"paid:{ref}", price.net_minor, price.vat_minor)
        self.paid[ref] = price

    def move(self, kind: str, ref: str, key: str, held: int, vat: int) -> None:
        """Cash from the brand into held and VAT, or back where the amounts are negative."""
        legs = [Leg("stripe", "EUR", held + vat), Leg(f"held:{ref}", "EUR", -held), Leg("vat:DE", "EUR", -vat)]
        legs = [leg for leg in legs if leg.amount_minor]
        self.do(lambda: post(key=key, kind=kind, ref=ref, legs=legs, occurred_at=AT, by="system"))
        self.from_brands += held + vat
        self.vat += vat

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        ref = data.draw(st.sampled_from(sorted(self.paid)))
        self.do(lambda: earn(charge_ref=ref, delivered_at=AT, by=Actor.SYSTEM))
        self.earned[ref] = self.paid.pop(ref).fee_minor

    @precondition(lambda self: self.paid)
    @rule(
        data=st.data(), delivered=st.integers(0, 7), which=st.sampled_from([x for x in Rule if x is not Rule.NOT_PAID])
    )
    def close(self, data: st.DataObject, delivered: int, which: Rule) -> None:
        ref = data.draw(st.sampled_from(sorted(self.paid)))
        closing = close(self.paid.pop(ref), which, delivered=delivered, ordered=7)
        self.do(lambda: close_unearned(charge_ref=ref, closing=closing, closed_at=AT, by=Actor.SYSTEM))
        self.earned[ref] = closing.kept.fee_minor
        if closing.refund_minor:
            self.move("refund", ref, f"refund:{ref}", -closing.refund_held_minor, -closing.refund_vat_minor)

    @precondition(lambda self: any(self.earned.values()))
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        ref = data.draw(st.sampled_from(sorted(ref for ref, fee in self.earned.items() if fee)))
        fee = data.draw(st.integers(1, self.earned[ref]))
        key = str(len(self.again))
        self.do(lambda: take_back(charge_ref=ref, key=key, fee_minor=fee, at=AT, by=Actor.SYSTEM))
        self.earned[ref] -= fee
        self.move("refund", ref, f"refund:{ref}:{key}", -fee, 0)
        with pytest.raises(Refused):
            take_back(charge_ref=ref, key="more", fee_minor=self.earned[ref] + 1, at=AT, by=Actor.SYSTEM)

    @rule(party=st.sampled_from(PARTIES))
    def transfer(self, party: str) -> None:
        due = -balance(account_of(party), "EUR")
        if due > 0:
            legs = [Leg(account_of(party), "EUR", due), Leg("stripe", "EUR", -due)]
            key = f"transfer:{len(self.again)}"
            sent = self.do(lambda: post(key=key, kind="transfer", ref="", legs=legs, occurred_at=AT, by="system"))
            self.sent[party] += due
            self.transfers.append((party, due, sent))

    @precondition(lambda self: self.transfers)
    @rule()
    def a_transfer_fails_after_all(self) -> None:
        party, amount, journal = self.transfers.pop()
        self.do(lambda: reverse(journal, occurred_at=timezone.now(), by="system"))
        self.sent[party] -= amount

    @precondition(lambda self: self.again)
    @rule(data=st.data())
    def everything_may_come_again(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.again))()

    @invariant()
    def the_books_agree_with_themselves(self) -> None:
        assert audit().differences == []

    @invariant()
    def the_cash_is_what_came_in_less_what_went_out(self) -> None:
        assert balance("stripe", "EUR") == self.from_brands - sum(self.sent.values())
        assert -balance("vat:DE", "EUR") == self.vat

    @invariant()
    def held_is_what_is_paid_and_not_closed(self) -> None:
        held = Balance.objects.filter(account__code__startswith="held:").values_list("amount", flat=True)
        assert -sum(held) == sum(price.net_minor for price in self.paid.values())

    @invariant()
    def what_was_paid_is_with_somebody(self) -> None:
        """Every party, the crew, what is held and VAT together have what came in and was not sent on."""
        theirs = [balance(account_of(party), "EUR") for party in PARTIES]
        held = Balance.objects.filter(account__code__startswith="held:").values_list("amount", flat=True)
        assert -sum(theirs) - sum(held) + self.vat == balance("stripe", "EUR")

    @invariant()
    def fees_and_shares_agree(self) -> None:
        rows = Royalty.objects.filter(reason__in=["fee", "commission"]).values_list("earned_minor", flat=True)
        taken = sum(journal.seal.gross for journal in Journal.objects.filter(kind="taken_back").select_related("seal"))
        assert sum(amount or 0 for amount in rows) - taken == sum(self.earned.values())

    def a_statement_closes_with_the_balance(self) -> None:
        now = timezone.now()
        for party in PARTIES:
            sheet = statement(party, now.year, now.month)
            assert sheet.opening_minor + sum(line.amount_minor for line in sheet.lines) == sheet.closing_minor
            assert sheet.closing_minor == -balance(account_of(party), "EUR")


@pytest.mark.django_db
def test_the_books_tell_the_truth_whatever_happens() -> None:
    quiet = settings(max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Books, settings=quiet)
