from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0004_booker"),
    ]

    operations = [
        migrations.AddField(
            model_name="licence",
            name="credited_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="agreed, and given back in money: delivery was late and the calendar had no room",
            ),
        ),
    ]
