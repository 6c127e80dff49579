"""The triggers that keep the ledger honest. A test and the audit compare this list with the database's own."""

from django.db import connection

TABLES = ("ledger_account", "ledger_balance", "ledger_entry", "ledger_journal", "ledger_seal")

TRIGGERS: frozenset[tuple[str, str]] = frozenset(
    {
        ("ledger_account", "ledger_append_only"),
        ("ledger_account", "ledger_no_truncate"),
        ("ledger_account", "ledger_account_opens_balance"),
        ("ledger_balance", "ledger_balance_moves_by_entries"),
        ("ledger_balance", "ledger_no_truncate"),
        ("ledger_journal", "ledger_append_only"),
        ("ledger_journal", "ledger_no_truncate"),
        ("ledger_journal", "ledger_journal_needs_seal"),
        ("ledger_entry", "ledger_append_only"),
        ("ledger_entry", "ledger_no_truncate"),
        ("ledger_entry", "ledger_entry_moves_balance"),
        ("ledger_entry", "ledger_entry_needs_open_journal"),
        ("ledger_seal", "ledger_append_only"),
        ("ledger_seal", "ledger_no_truncate"),
        ("ledger_seal", "ledger_seal_checks"),
    }
)


def installed() -> frozenset[tuple[str, str]]:
    """The enabled triggers of the ledger's tables, as the database knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgrelid = ANY(%s::regclass[])",
            [list(TABLES)],
        )
        return frozenset(cursor.fetchall())
