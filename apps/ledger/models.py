"""Double-entry bookkeeping that cannot be rewritten.

Amounts are integers of the minor unit, debit positive, credit negative. Accounts, journals, entries and seals are only
ever added; balances move only by entries. Triggers hold all of it (migration 0002, listed in `triggers.py`), so it
holds for raw SQL too.
"""

from django.db import models
from django.db.models import F, Q

from apps.common.models import BaseModel
from apps.ledger.chart import Kind

CURRENCY_CODE = r"^[A-Z]{3}$"


class Account(BaseModel):
    """One account in one currency, opened at its first use with what the chart says of its code."""

    code = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    side = models.SmallIntegerField(help_text="1 debit, -1 credit")
    party = models.CharField(max_length=80, blank=True)
    floor = models.BigIntegerField(null=True, blank=True, help_text="lowest balance seen from the account's own side")

    class Meta:
        ordering = ["code", "currency"]
        indexes = [models.Index(fields=["party", "currency"])]
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="ledger_account_once"),
            # The target of the entries' foreign key over (account, currency).
            models.UniqueConstraint(fields=["id", "currency"], name="ledger_account_with_currency"),
            models.CheckConstraint(condition=Q(currency__regex=CURRENCY_CODE), name="ledger_account_currency_code"),
            models.CheckConstraint(condition=Q(side__in=[1, -1]), name="ledger_account_has_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Journal(BaseModel):
    """One business fact as balanced entries. `created_at` is when it was recorded, `occurred_at` when it happened.

    The fingerprint covers kind, ref and legs: the same key may come again with the same content only.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=120, blank=True)
    fingerprint = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    actor = models.CharField(max_length=160)
    stripe_id = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["ref"]),
            models.Index(fields=["kind", "-created_at"]),
            models.Index(fields=["-created_at"]),
            models.Index(fields=["stripe_id"], condition=~Q(stripe_id=""), name="ledger_journal_stripe_id"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="ledger_journal_has_a_key"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")), name="ledger_journal_not_its_own_reversal"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One leg. The database gives `position` (1, 2, 3 … per account), `balance_after` and `booked_at`.

    `booked_at` is when the fact happened, but never before the entry that precedes it on the account, nor inside a
    month that is closed: so each account's entries are in order of time, and every entry lies in exactly one month.
    """

    id = models.BigAutoField(primary_key=True)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    memo = models.CharField(max_length=40, blank=True)
    booked_at = models.DateTimeField()
    position = models.BigIntegerField(default=0)
    balance_after = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["account", "-position"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["account", "booked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["journal", "seq"], name="ledger_entry_once"),
            models.UniqueConstraint(fields=["account", "position"], name="ledger_entry_position"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+} {self.currency}"


class Seal(models.Model):
    """The end of a journal: `n` entries, debits of `gross`. Nothing can be added to a sealed journal."""

    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, primary_key=True)
    n = models.PositiveIntegerField()
    gross = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.n} entries, {self.gross}"


class Balance(models.Model):
    """What all entries of an account add up to, how many they are, and the date before which nothing is booked."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True)
    amount = models.BigIntegerField()
    n = models.BigIntegerField()
    booked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.amount)
