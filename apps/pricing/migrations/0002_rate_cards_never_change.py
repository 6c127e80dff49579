"""A version of a rate card is evidence of what a price was made from: it is added, never changed or deleted."""

from django.db import migrations

GUARD = """
CREATE FUNCTION pricing_ratecard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a rate card never changes: add the next one' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER pricing_ratecard_append_only BEFORE UPDATE OR DELETE ON pricing_ratecard
    FOR EACH STATEMENT EXECUTE FUNCTION pricing_ratecard_refuse();
"""
UNDO = """
DROP TRIGGER pricing_ratecard_append_only ON pricing_ratecard;
DROP FUNCTION pricing_ratecard_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
