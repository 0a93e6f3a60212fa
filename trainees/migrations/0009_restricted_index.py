from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trainees", "0008_stored_only"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="trainee",
            index=models.Index(
                condition=models.Q(("restricted_at__isnull", False)),
                fields=["id"],
                name="trainee_restricted",
            ),
        ),
    ]
