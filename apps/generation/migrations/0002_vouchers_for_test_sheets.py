from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0001_initial"), ("twins", "0002_test_sheet_and_cover")]

    operations = [
        migrations.RemoveConstraint(model_name="job", name="job_picture_needs_a_voucher"),
        migrations.RemoveConstraint(model_name="voucher", name="voucher_one_per_booking"),
        migrations.RemoveIndex(model_name="voucher", name="generation__booking_63f06a_idx"),
        migrations.RenameField("voucher", "booking_ref", "subject"),
        migrations.AlterField(
            model_name="voucher",
            name="subject",
            field=models.CharField(help_text="the booking, or the version of the twin", max_length=80),
        ),
        migrations.AddField(
            model_name="voucher",
            name="purpose",
            field=models.CharField(
                choices=[("generate", "Pictures of a booking"), ("train", "Test sheet of a version")],
                default="generate",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[("generate", "Picture"), ("enrol", "Enrolment"), ("test", "Test picture")], max_length=10
            ),
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(fields=["subject", "-created_at"], name="generation__subject_086e02_idx"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["generate", "test"]), ("voucher__isnull", False)),
                    models.Q(("kind", "enrol"), ("voucher", None)),
                    _connector="OR",
                ),
                name="job_picture_needs_a_voucher",
            ),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "active")), fields=("subject",), name="voucher_one_per_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", "generate"), ("subject__startswith", "booking:")),
                    models.Q(("purpose", "train"), ("subject__startswith", "version:")),
                    _connector="OR",
                ),
                name="voucher_subject_follows_purpose",
            ),
        ),
    ]
