"""A signature is written once. `double.allow_truncate` lets the tests flush their database; nothing else sets it."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION signatures_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('double.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'signatures are append-only: % is refused', TG_OP USING ERRCODE = '23514';
END $$;

CREATE TRIGGER signature_append_only BEFORE UPDATE OR DELETE ON signatures_signature
    FOR EACH ROW EXECUTE FUNCTION signatures_refuse_change();
CREATE TRIGGER signature_no_truncate BEFORE TRUNCATE ON signatures_signature
    FOR EACH STATEMENT EXECUTE FUNCTION signatures_refuse_change();
"""

BACKWARDS = """
DROP TRIGGER signature_no_truncate ON signatures_signature;
DROP TRIGGER signature_append_only ON signatures_signature;
DROP FUNCTION signatures_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("signatures", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
