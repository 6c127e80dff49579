"""Splits and statements never change, royalties take one step, and the parts of a charge add up at every commit.

Every refusal has ERRCODE 23514, which Django raises as IntegrityError.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION royalties_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = '23514', CONSTRAINT = 'royalties_frozen';
END $$;
CREATE TRIGGER royalties_split_frozen BEFORE UPDATE OR DELETE ON royalties_split
    FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse();
CREATE TRIGGER royalties_statement_frozen BEFORE UPDATE OR DELETE ON royalties_statement
    FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse();
CREATE TRIGGER royalties_royalty_kept BEFORE DELETE ON royalties_royalty
    FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse();
"""
UNDO_REFUSE = """
DROP TRIGGER royalties_royalty_kept ON royalties_royalty;
DROP TRIGGER royalties_statement_frozen ON royalties_statement;
DROP TRIGGER royalties_split_frozen ON royalties_split;
DROP FUNCTION royalties_refuse();
"""

ONE_STEP = """
CREATE FUNCTION royalties_one_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'agreed' OR
        (NEW.id, NEW.charge_ref, NEW.party, NEW.kind, NEW.reason, NEW.rate_bp, NEW.amount_minor, NEW.currency)
        IS DISTINCT FROM
        (OLD.id, OLD.charge_ref, OLD.party, OLD.kind, OLD.reason, OLD.rate_bp, OLD.amount_minor, OLD.currency)
    THEN
        RAISE EXCEPTION 'an agreed royalty only becomes earned or lapsed, once'
            USING ERRCODE = '23514', CONSTRAINT = 'royalties_one_step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER royalties_one_step BEFORE UPDATE ON royalties_royalty
    FOR EACH ROW EXECUTE FUNCTION royalties_one_step();
"""
UNDO_ONE_STEP = "DROP TRIGGER royalties_one_step ON royalties_royalty; DROP FUNCTION royalties_one_step();"

ADD_UP = """
CREATE FUNCTION royalties_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM royalties_split s
        JOIN (
            SELECT charge_ref,
                sum(amount_minor) FILTER (WHERE reason IN ('fee', 'commission')) AS fee,
                COALESCE(sum(amount_minor) FILTER (WHERE reason = 'service'), 0) AS service,
                COALESCE(sum(amount_minor) FILTER (WHERE reason = 'platform'), 0) AS platform,
                COALESCE(sum(rate_bp) FILTER (WHERE reason = 'commission'), 0) AS commission,
                min(currency) AS lowest, max(currency) AS highest
            FROM royalties_royalty WHERE charge_ref = NEW.charge_ref GROUP BY charge_ref
        ) parts ON parts.charge_ref = s.charge_ref
        WHERE (parts.fee, parts.service, parts.platform, parts.commission, parts.lowest, parts.highest)
            = (s.fee_minor, s.service_minor, s.platform_minor, s.commission_bp, s.currency, s.currency)
    ) THEN
        RAISE EXCEPTION 'the royalties of % do not add up to what was agreed', NEW.charge_ref
            USING ERRCODE = '23514', CONSTRAINT = 'royalties_add_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER royalties_add_up AFTER INSERT ON royalties_royalty
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION royalties_add_up();
CREATE CONSTRAINT TRIGGER royalties_add_up AFTER INSERT ON royalties_split
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION royalties_add_up();
"""
UNDO_ADD_UP = """
DROP TRIGGER royalties_add_up ON royalties_split;
DROP TRIGGER royalties_add_up ON royalties_royalty;
DROP FUNCTION royalties_add_up();
"""


def never_emptied(table: str) -> migrations.RunSQL:
    """The ledger's own guard: TRUNCATE passes only in the sessions of the tests."""
    return migrations.RunSQL(
        f"CREATE TRIGGER royalties_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate()",
        f"DROP TRIGGER royalties_no_truncate ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("royalties", "0001_initial"), ("ledger", "0002_append_only")]

    operations = [
        migrations.RunSQL(REFUSE, UNDO_REFUSE),
        migrations.RunSQL(ONE_STEP, UNDO_ONE_STEP),
        migrations.RunSQL(ADD_UP, UNDO_ADD_UP),
        *(never_emptied(f"royalties_{name}") for name in ("split", "royalty", "statement")),
    ]
