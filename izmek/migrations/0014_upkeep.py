import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("izmek", "0013_text_messages")]

    operations = [
        migrations.CreateModel(
            name="Upkeep",
            fields=[
                ("command", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="command")),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="expected since")),
                ("began_at", models.DateTimeField(blank=True, null=True, verbose_name="began")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("good_at", models.DateTimeField(blank=True, null=True, verbose_name="ended well")),
            ],
            options={"verbose_name": "upkeep", "verbose_name_plural": "upkeep", "ordering": ["command"]},
        ),
    ]
