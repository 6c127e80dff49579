"""Posting to the ledger and reading it. Everything that moves money goes through `post`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.common.errors import InvalidInput, Refused
from apps.ledger.auditing import Difference, LedgerAudit, audit
from apps.ledger.chart import party_of, rule_for
from apps.ledger.errors import BelowFloor, KeyReused
from apps.ledger.legs import Leg, check_legs, fingerprint
from apps.ledger.models import Account, Balance, Entry, Journal, Seal

__all__ = ["Difference", "LedgerAudit", "Leg", "audit", "balance", "close_books", "entries", "post", "reverse"]

# A clock that runs ahead of ours; anything later is a fault and would push back every entry that follows.
CLOCK_SLACK = timedelta(minutes=10)


def post(
    *,
    key: str,
    kind: str,
    ref: str,
    legs: Sequence[Leg],
    occurred_at: datetime,
    by: str,
    stripe_id: str = "",
) -> Journal:
    """Record one business fact, in the caller's transaction where there is one.

    The same key with the same kind, ref and legs does nothing and returns the journal that stands. Accounts are opened
    at their first use and locked in order of their code. Raises Unbalanced, KeyReused, BelowFloor, InvalidInput; then
    nothing is recorded.
    """
    check_legs(legs)
    if occurred_at > timezone.now() + CLOCK_SLACK:
        raise InvalidInput(f"{occurred_at:%d %B %Y %H:%M} lies in the future.", field="occurred_at")
    journal = Journal(
        key=key,
        kind=kind,
        ref=ref,
        fingerprint=fingerprint(kind, ref, legs),
        occurred_at=occurred_at,
        actor=by,
        stripe_id=stripe_id,
    )
    return _record(journal, legs)


def reverse(journal: Journal, *, occurred_at: datetime, by: str) -> Journal:
    """Take back a journal by its mirror image; doing it again does nothing. Raises Refused for a reversal, BelowFloor.

    A reversal is not reversed: what should hold again is posted anew.
    """
    if journal.reverses_id:
        raise Refused("A reversal is not reversed: post the fact anew.")
    mirrored = [
        Leg(entry.account.code, entry.currency, -entry.amount, entry.memo)
        for entry in journal.entries.select_related("account").order_by("seq")
    ]
    reversal = Journal(
        key=f"reversal:{journal.key}",
        kind="reversal",
        ref=journal.ref,
        fingerprint=fingerprint("reversal", journal.ref, mirrored),
        occurred_at=occurred_at,
        reverses=journal,
        actor=by,
    )
    return _record(reversal, mirrored)


def balance(code: str, currency: str) -> int:
    """The account's amount in minor units, debit positive; 0 where the account was never used."""
    found = Balance.objects.filter(account__code=code, account__currency=currency).values_list("amount", flat=True)
    return next(iter(found), 0)


def entries(code: str, currency: str) -> QuerySet[Entry]:
    """The account's entries with their journals, newest first."""
    found = Entry.objects.filter(account__code=code, account__currency=currency)
    return found.select_related("journal", "account").order_by("-position")


@transaction.atomic
def close_books(*, account_id: UUID, until: datetime) -> None:
    """From here on nothing is booked on this account before `until`; later postings get that date or their own.

    Waits for postings under way on the account. On exit the account is locked until the transaction ends.
    """
    row = Balance.objects.select_for_update().get(account_id=account_id)
    if row.booked_at is None or row.booked_at < until:
        Balance.objects.filter(account_id=account_id).update(booked_at=until)


def _record(journal: Journal, legs: Sequence[Leg]) -> Journal:
    try:
        return _insert(journal, legs)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") == "ledger_floor":
            raise BelowFloor(f"{journal.key}: an account does not hold that much.") from error
        raise


@transaction.atomic
def _insert(journal: Journal, legs: Sequence[Leg]) -> Journal:
    Journal.objects.bulk_create([journal], ignore_conflicts=True)  # waits for another transaction with this key
    stored = Journal.objects.get(key=journal.key)
    if stored.pk != journal.pk:
        if stored.fingerprint != journal.fingerprint:
            raise KeyReused(f"{journal.key} already stands for another posting.", code="key_reused")
        return stored
    accounts = _accounts(legs)
    rows = [
        Entry(
            journal=journal,
            seq=seq,
            account=accounts[leg.account, leg.currency],
            currency=leg.currency,
            amount=leg.amount_minor,
            memo=leg.memo,
            booked_at=journal.occurred_at,
        )
        for seq, leg in enumerate(legs)
    ]
    # Inserting an entry locks its balance row: the same order everywhere, so no two postings wait for each other.
    Entry.objects.bulk_create(sorted(rows, key=lambda row: (row.account.code, row.currency, row.seq)))
    Seal.objects.create(
        journal=journal, n=len(legs), gross=sum(leg.amount_minor for leg in legs if leg.amount_minor > 0)
    )
    return journal


def _accounts(legs: Sequence[Leg]) -> dict[tuple[str, str], Account]:
    wanted = sorted({(leg.account, leg.currency) for leg in legs})
    found = _find(wanted)
    missing = [pair for pair in wanted if pair not in found]
    if missing:
        Account.objects.bulk_create([_opened(code, currency) for code, currency in missing], ignore_conflicts=True)
        found = _find(wanted)
    return found


def _find(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Account]:
    rows = Account.objects.filter(code__in={code for code, _ in wanted})
    return {(account.code, account.currency): account for account in rows}


def _opened(code: str, currency: str) -> Account:
    rule = rule_for(code)
    return Account(code=code, currency=currency, kind=rule.kind, side=rule.side, party=party_of(code), floor=rule.floor)
