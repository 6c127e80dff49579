"""The chart of accounts: what the first part of an account's code says about it.

A code is a name, or a name and what it is about: "stripe", "vat:DE", "held:booking:…", "payable:talent:…".
Signs: debit is positive, credit negative. The natural balance of an account is its amount seen from its own side.
"""

from dataclasses import dataclass

from django.db import models

from apps.common.errors import InvalidInput
from apps.common.refs import PLATFORM

DEBIT, CREDIT = 1, -1


class Kind(models.TextChoices):
    ASSET = "asset", "Asset"
    LIABILITY = "liability", "Liability"
    INCOME = "income", "Income"
    EXPENSE = "expense", "Expense"
    CLEARING = "clearing", "Clearing"


@dataclass(frozen=True)
class Rule:
    """`floor` is the lowest natural balance in minor units; None sets no limit."""

    kind: Kind
    floor: int | None = None

    @property
    def side(self) -> int:
        return DEBIT if self.kind in {Kind.ASSET, Kind.EXPENSE, Kind.CLEARING} else CREDIT


RULES: dict[str, Rule] = {
    "stripe": Rule(Kind.ASSET),  # the platform's balance there
    "bank": Rule(Kind.ASSET),
    "receivable": Rule(Kind.ASSET),  # a brand on credit, a payee who owes after a refund
    "disputed": Rule(Kind.ASSET),  # withdrawn by a bank until the dispute is decided
    "held": Rule(Kind.LIABILITY, floor=0),  # paid and not yet earned: nobody can take out more than came in
    "payable": Rule(Kind.LIABILITY),  # what a party has earned; a refund after the payout drives it below zero
    "vat": Rule(Kind.LIABILITY),
    "payout": Rule(Kind.LIABILITY),  # on its way to a party's bank
    "platform": Rule(Kind.INCOME),
    "expense": Rule(Kind.EXPENSE),
    "fx_clearing": Rule(Kind.CLEARING),
}
# Accounts of one party: their code goes on with the party's reference.
OF_A_PARTY = frozenset({"receivable", "payable", "payout"})


def rule_for(code: str) -> Rule:
    """Raises InvalidInput for a code whose name is not in the chart."""
    name = code.partition(":")[0]
    if name not in RULES:
        raise InvalidInput(f"The chart of accounts has no “{name}”.", field="account")
    return RULES[name]


def party_of(code: str) -> str:
    """The party whose account this is, or an empty text."""
    name, _, about = code.partition(":")
    if name == "platform":
        return PLATFORM
    return about if name in OF_A_PARTY else ""
