from django.db import migrations, models
from django.db.models import F


def those_that_are_there_are_in_use(apps, schema_editor):
    """Until now a face was measured when its capture set was handed over."""
    apps.get_model("twins", "FaceVector").objects.update(used_from=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("twins", "0005_brought_to_the_storage")]

    operations = [
        migrations.AddField(
            model_name="facevector",
            name="used_from",
            field=models.DateTimeField(blank=True, help_text="when its capture set was handed over", null=True),
        ),
        migrations.RunPython(those_that_are_there_are_in_use, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="facevector",
            index=models.Index(
                condition=models.Q(("used_from__isnull", False)), fields=["used_from"], name="face_vector_in_use"
            ),
        ),
    ]
