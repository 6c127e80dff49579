"""Reading the whole ledger against itself. Each check is one query, so postings under way cannot disturb it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import connection

from apps.ledger.models import Entry, Journal
from apps.ledger.triggers import TRIGGERS, installed

# What is wrong → rows of (what it is about, what was found).
CHECKS: dict[str, str] = {
    "journal_not_balanced": """
        SELECT j.key, e.currency || ' is off by ' || sum(e.amount) FROM ledger_entry e
        JOIN ledger_journal j ON j.id = e.journal_id
        GROUP BY j.id, e.currency HAVING sum(e.amount) <> 0
    """,
    "seal_wrong": """
        SELECT j.key, CASE WHEN s.journal_id IS NULL THEN 'no seal'
            ELSE format('seal says %s entries of %s, found %s of %s', s.n, s.gross, legs.n, legs.gross) END
        FROM ledger_journal j LEFT JOIN ledger_seal s ON s.journal_id = j.id
        LEFT JOIN (SELECT journal_id, count(*) AS n, sum(GREATEST(amount, 0)) AS gross
                   FROM ledger_entry GROUP BY journal_id) legs ON legs.journal_id = j.id
        WHERE (s.n, s.gross) IS DISTINCT FROM (legs.n, legs.gross) OR s.journal_id IS NULL
    """,
    "balance_wrong": """
        SELECT a.code || ' ' || a.currency,
            format('balance says %s after %s entries, entries say %s after %s', b.amount, b.n, e.amount, e.n)
        FROM ledger_account a LEFT JOIN ledger_balance b ON b.account_id = a.id
        LEFT JOIN (SELECT account_id, sum(amount) AS amount, count(*) AS n
                   FROM ledger_entry GROUP BY account_id) e ON e.account_id = a.id
        WHERE (b.amount, b.n) IS DISTINCT FROM (COALESCE(e.amount, 0), COALESCE(e.n, 0))
    """,
    "running_balance_wrong": """
        SELECT a.code || ' ' || a.currency, 'from entry ' || min(found.nth) || ' on' FROM (
            SELECT account_id, position, balance_after, booked_at,
                sum(amount) OVER entries_so_far AS running, row_number() OVER entries_so_far AS nth,
                lag(booked_at) OVER entries_so_far AS booked_before
            FROM ledger_entry WINDOW entries_so_far AS (PARTITION BY account_id ORDER BY position)
        ) found JOIN ledger_account a ON a.id = found.account_id
        WHERE found.balance_after <> found.running OR found.position <> found.nth
            OR found.booked_at < found.booked_before
        GROUP BY a.id
    """,
    "entry_in_other_currency": """
        SELECT j.key, 'entry ' || e.seq || ' in ' || e.currency FROM ledger_entry e
        JOIN ledger_account a ON a.id = e.account_id JOIN ledger_journal j ON j.id = e.journal_id
        WHERE e.currency <> a.currency
    """,
    "below_floor": """
        SELECT a.code || ' ' || a.currency, 'stands at ' || b.amount * a.side
        FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id WHERE b.amount * a.side < a.floor
    """,
    "reversal_not_mirrored": """
        SELECT r.key, a.code || ' is off by ' || sum(e.amount) FROM ledger_journal r
        JOIN ledger_entry e ON e.journal_id IN (r.id, r.reverses_id) JOIN ledger_account a ON a.id = e.account_id
        WHERE r.reverses_id IS NOT NULL GROUP BY r.id, a.id HAVING sum(e.amount) <> 0
    """,
}


@dataclass(frozen=True)
class Difference:
    check: str
    subject: str
    found: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class LedgerAudit:
    journals: int
    entries: int
    differences: list[Difference]

    @property
    def balanced(self) -> bool:
        return not self.differences


def audit() -> LedgerAudit:
    """Compare journals, entries, seals, balances and the triggers themselves. Reads everything, changes nothing."""
    return LedgerAudit(
        journals=Journal.objects.count(),
        entries=Entry.objects.count(),
        differences=[*_missing_triggers(), *_found_in_rows()],
    )


def _missing_triggers() -> Iterator[Difference]:
    for table, name in sorted(TRIGGERS - installed()):
        yield Difference("trigger_missing", table, f"{name} is not there or switched off")


def _found_in_rows() -> Iterator[Difference]:
    with connection.cursor() as cursor:
        for check, query in CHECKS.items():
            cursor.execute(query)
            for subject, found in cursor.fetchall():
                yield Difference(check, subject, found)
