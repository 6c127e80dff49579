"""The table of findable twins, written by triggers: whoever changes a fact changes it in the same transaction.

`boards_refresh` works the rows of some models out anew. It looks at no clock but for today's mandates: consents and
approvals end by the column `until`. It locks the twin first, so that of two transactions that change two of her
facts the later one sees what the earlier one did.
"""

from django.db import migrations

PLAIN = """
CREATE FUNCTION boards_plain(words text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT btrim(regexp_replace(lower(unaccent(words)), '[^[:alnum:]]+', ' ', 'g'))
$$;
"""

# One word of a search: the beginning of a word, or where nothing begins so, a word with a letter or two wrong. The trigrams of the index find
# whatever might be meant (two letters that changed places leave 0.28), the distance decides. Told that few rows are
# alike, the planner would read the whole table, so that is closed to it here.
FOUND = """
CREATE FUNCTION boards_found(word text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 200
SET pg_trgm.word_similarity_threshold = 0.25 SET enable_seqscan = off AS $$
DECLARE
    plain text := boards_plain(word);
    wrong int := CASE WHEN length(plain) < 3 THEN 0 WHEN length(plain) < 6 THEN 1 ELSE 2 END;
BEGIN
    RETURN QUERY SELECT twin_id FROM boards_findable WHERE words LIKE '% ' || plain || '%';
    IF NOT FOUND AND wrong > 0 THEN
        RETURN QUERY SELECT twin_id FROM boards_findable WHERE words %> plain AND EXISTS (
            SELECT 1 FROM unnest(string_to_array(words, ' ')) AS one(written)
            WHERE levenshtein_less_equal(written, plain, wrong) <= wrong
        );
    END IF;
END $$;
"""

# The columns of boards_findable, for the models of the list that brands may find.
FACTS = """
CREATE FUNCTION boards_facts(talents uuid[]) RETURNS SETOF boards_findable LANGUAGE sql STABLE AS $$
    SELECT t.id AS twin_id, boards_plain(p.stage_name)::varchar(160) AS name,
        ' ' || boards_plain(p.stage_name || ' ' || coalesce(a.names, '')) AS words,
        p.board, p.height_cm, r.amount_minor AS rate_minor, t.created_at AS since,
        LEAST(c.until, (t.best_before + 1)::timestamp AT TIME ZONE 'UTC') AS until,
        coalesce(a.ids, '{}') AS agencies, b.barred_media, b.barred_categories,
        ARRAY(SELECT organization_id FROM talent_boundaries_barred_brands WHERE boundaries_id = b.id) AS barred_brands
    FROM twins_twin t
    JOIN talent_talent p ON p.id = t.talent_id
    JOIN talent_boundaries b ON b.talent_id = p.id
    JOIN pricing_dayrate r ON r.talent_ref = 'talent:' || p.id
    CROSS JOIN LATERAL (
        SELECT count(*) AS given, min(ends) AS until FROM (
            SELECT max(LEAST(ends_at, withdrawn_at)) AS ends FROM consents_consent
            WHERE talent_id = p.id AND purpose IN ('generate', 'publish', 'promote') GROUP BY purpose
        ) each_purpose
    ) c
    LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT o.id) AS ids, string_agg(DISTINCT o.name, ' ') AS names
        FROM talent_mandate m JOIN organizations_organization o ON o.id = m.agency_id
        WHERE m.talent_id = p.id AND m.covers_twins AND m.starts_on <= CURRENT_DATE AND m.ends_on >= CURRENT_DATE
            AND (m.ended_on IS NULL OR m.ended_on > CURRENT_DATE)
    ) a ON true
    WHERE t.talent_id = ANY (talents) AND t.state = 'listed' AND c.given = 3
$$;
"""

REFRESH = """
CREATE FUNCTION boards_refresh(talents uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM twins_twin WHERE talent_id = ANY (talents) ORDER BY id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM boards_findable WHERE twin_id IN (SELECT id FROM twins_twin WHERE talent_id = ANY (talents));
    INSERT INTO boards_findable (twin_id, name, words, board, height_cm, rate_minor, since, until, agencies,
        barred_media, barred_categories, barred_brands)
        SELECT twin_id, name, words, board, height_cm, rate_minor, since, until, agencies,
            barred_media, barred_categories, barred_brands FROM boards_facts(talents);
END $$;
"""

# TG_ARGV[0] names the column that leads to the model, and how is the trigger's own second argument.
CHANGED = """
CREATE FUNCTION boards_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fact jsonb := to_jsonb(COALESCE(NEW, OLD));
    leads text := fact ->> TG_ARGV[0];
BEGIN
    CASE TG_ARGV[1]
        WHEN 'talent' THEN PERFORM boards_refresh(ARRAY[leads::uuid]);
        WHEN 'party' THEN
            IF leads LIKE 'talent:%' THEN
                PERFORM boards_refresh(ARRAY[substr(leads, 8)::uuid]);
            END IF;
        WHEN 'boundaries' THEN
            PERFORM boards_refresh(ARRAY(SELECT talent_id FROM talent_boundaries WHERE id = leads::uuid));
        WHEN 'agency' THEN
            PERFORM boards_refresh(ARRAY(SELECT DISTINCT talent_id FROM talent_mandate WHERE agency_id = leads::uuid));
    END CASE;
    RETURN NULL;
END $$;
"""

CONSENT = "OR UPDATE OF purpose, ends_at, withdrawn_at"
MANDATE = "OR UPDATE OF agency_id, covers_twins, starts_on, ends_on, ended_on"
TRIGGERS = [
    ("twins_twin", "INSERT OR UPDATE OF state, best_before", "talent_id", "talent"),
    ("talent_talent", "UPDATE OF stage_name, board, height_cm", "id", "talent"),
    (
        "talent_boundaries",
        "INSERT OR DELETE OR UPDATE OF barred_media, barred_categories",
        "talent_id",
        "talent",
    ),
    ("talent_boundaries_barred_brands", "INSERT OR DELETE", "boundaries_id", "boundaries"),
    ("consents_consent", f"INSERT OR DELETE {CONSENT}", "talent_id", "talent"),
    ("talent_mandate", f"INSERT OR DELETE {MANDATE}", "talent_id", "talent"),
    ("pricing_dayrate", "INSERT OR DELETE OR UPDATE OF amount_minor", "talent_ref", "party"),
    ("organizations_organization", "UPDATE OF name", "id", "agency"),
]


def create(table: str, when: str, column: str, way: str) -> str:
    return (
        f"CREATE TRIGGER boards_findable AFTER {when} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION boards_changed('{column}', '{way}');"
    )


FORWARDS = "\n".join([PLAIN, FOUND, FACTS, REFRESH, CHANGED, *(create(*trigger) for trigger in TRIGGERS)])
BACKWARDS = "\n".join(
    [
        *(f"DROP TRIGGER boards_findable ON {trigger[0]};" for trigger in TRIGGERS),
        "DROP FUNCTION boards_changed();",
        "DROP FUNCTION boards_refresh(uuid[]);",
        "DROP FUNCTION boards_facts(uuid[]);",
        "DROP FUNCTION boards_found(text);",
        "DROP FUNCTION boards_plain(text);",
    ]
)
THERE_ALREADY = "SELECT boards_refresh(ARRAY(SELECT talent_id FROM twins_twin))"


class Migration(migrations.Migration):
    dependencies = [
        ("boards", "0001_boards"),
        ("organizations", "0003_credit"),
        ("talent", "0003_rules_and_outside_commitments"),
        ("consents", "0002_counsel"),
        ("pricing", "0002_rate_cards_never_change"),
        ("twins", "0007_version_artefact"),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RunSQL(THERE_ALREADY, migrations.RunSQL.noop),
    ]
