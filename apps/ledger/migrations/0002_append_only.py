"""The ledger's rules inside the database: what no service, script or person with SQL can get round by accident.

Every refusal has ERRCODE 23514, which Django raises as IntegrityError. TRUNCATE passes only where the session says
`double.allow_truncate = on`, which the test settings do so that transactional tests can empty the tables.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514', CONSTRAINT = 'ledger_append_only';
END $$;
CREATE FUNCTION ledger_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('double.allow_truncate', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_no_truncate';
    END IF;
    RETURN NULL;
END $$;
"""
UNDO_APPEND_ONLY = "DROP FUNCTION ledger_append_only(); DROP FUNCTION ledger_no_truncate();"

BALANCE = """
CREATE FUNCTION ledger_account_opens_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_balance (account_id, amount, n) VALUES (NEW.id, 0, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_account_opens_balance AFTER INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_opens_balance();

-- Depth 2 is a change made by one of the two triggers of this file. By hand only the book date may move, forward.
CREATE FUNCTION ledger_balance_moves_by_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() >= 2 AND TG_OP <> 'DELETE' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.account_id, NEW.amount, NEW.n) = (OLD.account_id, OLD.amount, OLD.n)
        AND NEW.booked_at >= COALESCE(OLD.booked_at, NEW.booked_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a balance moves only by entries'
        USING ERRCODE = '23514', CONSTRAINT = 'ledger_balance_moves_by_entries';
END $$;
CREATE TRIGGER ledger_balance_moves_by_entries BEFORE INSERT OR UPDATE OR DELETE ON ledger_balance
    FOR EACH ROW EXECUTE FUNCTION ledger_balance_moves_by_entries();
"""
UNDO_BALANCE = """
DROP TRIGGER ledger_balance_moves_by_entries ON ledger_balance;
DROP FUNCTION ledger_balance_moves_by_entries();
DROP TRIGGER ledger_account_opens_balance ON ledger_account;
DROP FUNCTION ledger_account_opens_balance();
"""

ENTRY = """
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_in_the_accounts_currency
    FOREIGN KEY (account_id, currency) REFERENCES ledger_account (id, currency);

-- The balance row is the account's lock: position, balance_after and booked_at are given while it is held.
CREATE FUNCTION ledger_entry_moves_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_balance
        SET amount = amount + NEW.amount, n = n + 1, booked_at = GREATEST(booked_at, NEW.booked_at)
        WHERE account_id = NEW.account_id
        RETURNING amount, n, booked_at INTO NEW.balance_after, NEW.position, NEW.booked_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such account' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_moves_balance BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_moves_balance();

-- One query, one snapshot: a journal of another transaction is either invisible or visible with its seal. So nobody
-- slips an entry into a journal between its sealing and its commit.
CREATE FUNCTION ledger_entry_needs_open_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added
            LEFT JOIN ledger_journal j ON j.id = added.journal_id
            LEFT JOIN ledger_seal s ON s.journal_id = added.journal_id
            WHERE j.id IS NULL OR s.journal_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'entries are added to an open journal of the same transaction'
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_entry_needs_open_journal';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_needs_open_journal AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_needs_open_journal();
"""
UNDO_ENTRY = """
DROP TRIGGER ledger_entry_needs_open_journal ON ledger_entry;
DROP FUNCTION ledger_entry_needs_open_journal();
DROP TRIGGER ledger_entry_moves_balance ON ledger_entry;
DROP FUNCTION ledger_entry_moves_balance();
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_in_the_accounts_currency;
"""

SEAL = """
CREATE FUNCTION ledger_seal_checks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    legs bigint;
    debits numeric;
    reversed uuid;
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entry WHERE journal_id = NEW.journal_id
               GROUP BY currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'the journal is not balanced' USING ERRCODE = '23514', CONSTRAINT = 'ledger_balanced';
    END IF;
    SELECT count(*), sum(GREATEST(amount, 0)) INTO legs, debits FROM ledger_entry WHERE journal_id = NEW.journal_id;
    IF legs < 2 OR (NEW.n, NEW.gross) IS DISTINCT FROM (legs, debits) THEN
        RAISE EXCEPTION 'the seal does not describe its entries' USING ERRCODE = '23514', CONSTRAINT = 'ledger_seal';
    END IF;
    IF EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
                   JOIN ledger_balance b ON b.account_id = a.id
               WHERE e.journal_id = NEW.journal_id AND b.amount * a.side < a.floor) THEN
        RAISE EXCEPTION 'an account would fall below its floor' USING ERRCODE = '23514', CONSTRAINT = 'ledger_floor';
    END IF;
    SELECT reverses_id INTO reversed FROM ledger_journal WHERE id = NEW.journal_id;
    IF reversed IS NOT NULL AND EXISTS (
        SELECT 1 FROM ledger_entry WHERE journal_id IN (NEW.journal_id, reversed)
        GROUP BY account_id HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'a reversal mirrors its journal' USING ERRCODE = '23514', CONSTRAINT = 'ledger_reversal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_seal_checks BEFORE INSERT ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_seal_checks();

CREATE FUNCTION ledger_journal_needs_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_seal WHERE journal_id = NEW.id) THEN
        RAISE EXCEPTION 'journal % has no seal', NEW.key
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_journal_needs_seal';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_journal_needs_seal AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_journal_needs_seal();
"""
UNDO_SEAL = """
DROP TRIGGER ledger_journal_needs_seal ON ledger_journal;
DROP FUNCTION ledger_journal_needs_seal();
DROP TRIGGER ledger_seal_checks ON ledger_seal;
DROP FUNCTION ledger_seal_checks();
"""


def never_changed(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()",
        f"DROP TRIGGER ledger_append_only ON {table}",
    )


def never_emptied(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate()",
        f"DROP TRIGGER ledger_no_truncate ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
        *(never_changed(f"ledger_{name}") for name in ("account", "journal", "entry", "seal")),
        *(never_emptied(f"ledger_{name}") for name in ("account", "journal", "entry", "seal", "balance")),
        migrations.RunSQL(BALANCE, UNDO_BALANCE),
        migrations.RunSQL(ENTRY, UNDO_ENTRY),
        migrations.RunSQL(SEAL, UNDO_SEAL),
    ]
