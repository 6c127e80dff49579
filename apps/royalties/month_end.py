"""Closing a month: every party's entries up to its end become one statement that never changes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.canonical import canonical_json, sha256_hex
from apps.common.errors import Refused
from apps.ledger.models import Account, Entry
from apps.ledger.services import close_books
from apps.royalties.models import Statement
from apps.royalties.periods import Month
from apps.royalties.services import PLATFORM_ACCOUNT, account_of


@dataclass(frozen=True)
class Cut:
    """Where a statement begins and ends on its account; amounts from the party's side."""

    first_entry: int
    last_entry: int
    opening: int
    closing: int


def close_month(*, year: int, month: int, by: Actor) -> list[Statement]:
    """Close a month that is over, for every party, and the months before it that are still open.

    Each account is closed in its own transaction, so a run that was interrupted is simply run again. Postings under
    way either are in the statement or in the next one. Returns the new statements. Raises Refused while the month
    runs.
    """
    period = Month(year, month)
    if datetime.now(UTC) < period.end:
        raise Refused(f"{period.first_day:%B %Y} is not over yet.", code="month_not_over")
    accounts = Account.objects.filter(code__startswith="payable:") | Account.objects.filter(code=PLATFORM_ACCOUNT)
    return [
        closed for account in accounts.order_by("code", "currency") for closed in _close_account(account, period, by)
    ]


def verify(statement: Statement) -> bool:
    """Whether the ledger still says what the closed statement says."""
    cut = Cut(statement.first_entry, statement.last_entry, statement.opening, statement.closing)
    account = Account.objects.get(code=account_of(statement.party), currency=statement.currency)
    return _sha256(account, Month.of(statement.period), cut) == statement.sha256


@transaction.atomic
def _close_account(account: Account, period: Month, by: Actor) -> list[Statement]:
    close_books(account_id=account.pk, until=period.end)
    last = Statement.objects.filter(party=account.party, currency=account.currency).order_by("-period").first()
    first_open = Month.of(last.period).plus(1) if last else _first_month(account)
    closed: list[Statement] = []
    while first_open is not None and first_open <= period:
        last = _close(account, first_open, last, by)
        closed.append(last)
        first_open = first_open.plus(1)
    if closed:
        record(
            kind="royalties.statements_closed",
            subject=account.party,
            by=by.label,
            payload={"statements": [{"period": str(row.period), "sha256": row.sha256} for row in closed]},
        )
    return closed


def _first_month(account: Account) -> Month | None:
    first = Entry.objects.filter(account=account).order_by("position").first()
    return Month.of(first.booked_at.astimezone(UTC).date()) if first else None


def _close(account: Account, period: Month, last: Statement | None, by: Actor) -> Statement:
    end = Entry.objects.filter(account=account, booked_at__lt=period.end).order_by("-position").first()
    cut = Cut(
        first_entry=last.last_entry + 1 if last else 1,
        last_entry=end.position if end else 0,
        opening=last.closing if last else 0,
        closing=-end.balance_after if end else 0,
    )
    return Statement.objects.create(
        party=account.party,
        currency=account.currency,
        period=period.first_day,
        first_entry=cut.first_entry,
        last_entry=cut.last_entry,
        opening=cut.opening,
        closing=cut.closing,
        sha256=_sha256(account, period, cut),
        closed_by=by.label,
    )


def _sha256(account: Account, period: Month, cut: Cut) -> str:
    entries = Entry.objects.filter(account=account, position__range=(cut.first_entry, cut.last_entry))
    content = {
        "party": account.party,
        "currency": account.currency,
        "period": str(period.first_day),
        "opening": cut.opening,
        "closing": cut.closing,
        "entries": [
            [entry.position, entry.journal.key, entry.seq, -entry.amount, entry.memo, _instant(entry.booked_at)]
            for entry in entries.select_related("journal").order_by("position")
        ],
    }
    return sha256_hex(canonical_json(content))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
