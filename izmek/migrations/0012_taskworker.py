import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("izmek", "0011_known_browsers")]

    operations = [
        migrations.CreateModel(
            name="TaskWorker",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="worker")),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="last word")),
            ],
            options={"verbose_name": "worker", "verbose_name_plural": "workers"},
        ),
    ]
