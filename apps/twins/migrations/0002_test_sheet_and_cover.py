from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def forget_photographs_as_covers(apps: Any, schema_editor: Any) -> None:
    """Until now a photograph of the capture set stood as the cover. She never said yes to that: she picks one again."""
    apps.get_model("twins", "Twin").objects.update(cover=None)


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial"), ("twins", "0001_initial")]

    operations = [
        migrations.RunPython(forget_photographs_as_covers, migrations.RunPython.noop),
        migrations.RenameField("twin", "cover", "chosen_cover"),
        migrations.AlterField(
            model_name="twin",
            name="chosen_cover",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="media.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="twin",
            name="cover_until",
            field=models.DateTimeField(blank=True, help_text="when her consent to promote ends", null=True),
        ),
        migrations.AddConstraint(
            model_name="twin",
            constraint=models.CheckConstraint(
                condition=models.Q(("chosen_cover", None), ("cover_until", None))
                | models.Q(("chosen_cover__isnull", False), ("cover_until__isnull", False)),
                name="twin_cover_with_its_end",
            ),
        ),
        migrations.AlterField(
            model_name="twinversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("training", "In training"),
                    ("testing", "Test sheet being made"),
                    ("ready", "Waits for the model"),
                    ("approved", "Approved"),
                    ("rejected", "Rejected by the model"),
                    ("failed", "Failed"),
                ],
                default="training",
                max_length=10,
            ),
        ),
    ]
