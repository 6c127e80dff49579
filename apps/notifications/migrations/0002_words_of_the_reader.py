"""A notice keeps what happened instead of English words. Rows of before keep theirs, as the facts of `notice.plain`."""

from django.db import migrations, models
from django.db.models.functions import JSONObject


def keep_the_words(apps, schema_editor):
    notices = apps.get_model("notifications", "Notice").objects
    notices.update(kind="notice.plain", values=JSONObject(title="title", body="body"))


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="values",
            field=models.JSONField(blank=True, default=dict, help_text="plain facts; see common.wording"),
        ),
        migrations.AddField(
            model_name="mail",
            name="language",
            field=models.CharField(default="en", max_length=10),
        ),
        migrations.RunPython(keep_the_words),
        migrations.RemoveField(model_name="notice", name="title"),
        migrations.RemoveField(model_name="notice", name="body"),
    ]
