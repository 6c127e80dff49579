"""The words in which twins are found, each once: a mistyped word is compared with words, not with every twin.

Beside them two orders of boards: a house's newest, and the newest packages that a brand received.

A trigger writes them with the rows, in the same transaction. A word that no row has any more only proposes what finds
nobody, so a task takes it out (mending.py).
"""

from importlib import import_module

import django.contrib.postgres.indexes
from django.db import migrations, models

BEFORE = import_module("apps.boards.migrations.0002_findable")

# The beginnings of words that one typed word means: itself where a word begins so, else the words with a letter or two
# wrong. Trigrams propose (two letters that changed places leave 0.27), the distance of Levenshtein decides. Told that
# few rows are alike, the planner would read whole tables, so that is closed to it here.
MEANT = """
CREATE FUNCTION boards_meant(word text) RETURNS text[] LANGUAGE plpgsql STABLE
SET pg_trgm.similarity_threshold = 0.2 SET enable_seqscan = off AS $$
DECLARE
    plain text := boards_plain(word);
    wrong int := CASE WHEN length(plain) < 3 THEN 0 WHEN length(plain) < 6 THEN 1 ELSE 2 END;
BEGIN
    IF EXISTS (SELECT FROM boards_findable WHERE words LIKE '% ' || plain || '%') THEN
        RETURN ARRAY[plain];
    END IF;
    RETURN ARRAY(
        SELECT text FROM boards_word
        WHERE wrong > 0 AND text % plain AND levenshtein_less_equal(text, plain, wrong) <= wrong
    );
END $$;
"""

WORDS = """
CREATE FUNCTION boards_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO boards_word (text)
        SELECT DISTINCT unnest(string_to_array(btrim(words), ' ')) AS word FROM added ORDER BY word
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER boards_words AFTER INSERT ON boards_findable REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION boards_keep_words();
"""
THERE_ALREADY = """
INSERT INTO boards_word (text) SELECT DISTINCT unnest(string_to_array(btrim(words), ' ')) FROM boards_findable
"""

BACKWARDS = f"""
DROP TRIGGER boards_words ON boards_findable;
DROP FUNCTION boards_keep_words();
DROP FUNCTION boards_meant(text);
{BEFORE.FOUND}
"""


class Migration(migrations.Migration):
    dependencies = [("boards", "0002_findable")]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[("text", models.TextField(primary_key=True, serialize=False))],
            options={
                "ordering": ["text"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("text", name="gin_trgm_ops"), name="word_trigrams"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="board",
            index=models.Index(fields=["organization", "-created_at", "id"], name="boards_newest"),
        ),
        migrations.AddIndex(
            model_name="board",
            index=models.Index(
                condition=models.Q(("kind", "package")),
                fields=["for_brand", "-created_at", "id"],
                name="boards_received",
            ),
        ),
        migrations.RunSQL(f"DROP FUNCTION boards_found(text); {MEANT} {WORDS}", BACKWARDS),
        migrations.RunSQL(THERE_ALREADY, migrations.RunSQL.noop),
    ]
