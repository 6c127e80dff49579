"""The order of a brand's and of an agency's open options, the newest grant first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0008_composing"),
        ("options", "0001_options"),
        ("organizations", "0004_absences"),
        ("twins", "0007_version_artefact"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="option",
            index=models.Index(
                condition=models.Q(("state__in", ["asked", "held", "challenged"])),
                fields=["brand", "-granted_at", "-created_at", "id"],
                name="option_open_of_brand",
            ),
        ),
        migrations.AddIndex(
            model_name="option",
            index=models.Index(
                condition=models.Q(("state__in", ["asked", "held", "challenged"])),
                fields=["agency", "-granted_at", "-created_at", "id"],
                name="option_open_of_agency",
            ),
        ),
    ]
