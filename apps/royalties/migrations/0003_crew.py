"""What a brand gives the crew on top of the fee: a line of its own, which the parts have to add up to as well."""

import django.db.models.expressions
from django.db import migrations, models

ADD_UP = """
CREATE OR REPLACE FUNCTION royalties_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM royalties_split s
        JOIN (
            SELECT charge_ref,
                sum(amount_minor) FILTER (WHERE reason IN ('fee', 'commission')) AS fee,
                COALESCE(sum(amount_minor) FILTER (WHERE reason = 'service'), 0) AS service,
                COALESCE(sum(amount_minor) FILTER (WHERE reason = 'platform'), 0) AS platform,
                COALESCE(sum(amount_minor) FILTER (WHERE reason = 'crew'), 0) AS crew,
                COALESCE(sum(rate_bp) FILTER (WHERE reason = 'commission'), 0) AS commission,
                min(currency) AS lowest, max(currency) AS highest
            FROM royalties_royalty WHERE charge_ref = NEW.charge_ref GROUP BY charge_ref
        ) parts ON parts.charge_ref = s.charge_ref
        WHERE (parts.fee, parts.service, parts.platform, parts.crew, parts.commission, parts.lowest, parts.highest)
            = (s.fee_minor, s.service_minor, s.platform_minor, s.crew_minor, s.commission_bp, s.currency, s.currency)
    ) THEN
        RAISE EXCEPTION 'the royalties of % do not add up to what was agreed', NEW.charge_ref
            USING ERRCODE = '23514', CONSTRAINT = 'royalties_add_up';
    END IF;
    RETURN NULL;
END $$;
"""
# As migration 0002 made it: with no crew among the rows, a crew of nothing adds up just the same.
BEFORE = (
    ADD_UP.replace("                COALESCE(sum(amount_minor) FILTER (WHERE reason = 'crew'), 0) AS crew,\n", "")
    .replace("parts.crew, ", "")
    .replace("s.crew_minor, ", "")
)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0002_frozen"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="split",
            name="split_amounts_make_sense",
        ),
        migrations.RemoveConstraint(
            model_name="split",
            name="split_adds_up",
        ),
        migrations.AddField(
            model_name="split",
            name="crew_minor",
            field=models.BigIntegerField(default=0, help_text="given to the crew on top of the fee"),
        ),
        migrations.AlterField(
            model_name="royalty",
            name="kind",
            field=models.CharField(
                choices=[
                    ("talent", "Model"),
                    ("agency", "Agency"),
                    ("mother_agency", "Mother agency"),
                    ("platform", "Platform"),
                    ("crew", "Crew"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="royalty",
            name="reason",
            field=models.CharField(
                choices=[
                    ("fee", "Fee after commission"),
                    ("commission", "Commission on the model's fee"),
                    ("service", "Service charge paid by the brand"),
                    ("platform", "Platform fee"),
                    ("crew", "Share of the crew"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(ADD_UP, BEFORE),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("crew_minor__gte", 0),
                    ("fee_minor__gt", 0),
                    ("platform_minor__gte", 0),
                    ("service_minor__gte", 0),
                    ("vat_minor__gte", 0),
                ),
                name="split_amounts_make_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("fee_minor"), "+", models.F("service_minor")
                                    ),
                                    "+",
                                    models.F("platform_minor"),
                                ),
                                "+",
                                models.F("crew_minor"),
                            ),
                            "+",
                            models.F("vat_minor"),
                        ),
                    )
                ),
                name="split_adds_up",
            ),
        ),
    ]
