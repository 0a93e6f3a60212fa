import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def begin(apps, schema_editor):
    """The duty to destroy every six months counts from the day on which the program can do it."""
    now = django.utils.timezone.now()
    apps.get_model("izmek", "DestructionLog").objects.create(begun_at=now, ended_at=now)


class Migration(migrations.Migration):
    dependencies = [("izmek", "0009_stored_only_in_the_access_log")]

    operations = [
        migrations.CreateModel(
            name="DestructionLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, editable=False, max_length=40, verbose_name="what")),
                ("kept", models.CharField(blank=True, editable=False, max_length=40, verbose_name="kept for")),
                ("before", models.DateField(editable=False, null=True, verbose_name="everything before")),
                ("rows", models.PositiveIntegerField(default=0, editable=False, verbose_name="rows")),
                ("counts", models.JSONField(default=dict, editable=False, verbose_name="by table")),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="begun")),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
                ("by", models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name="by")),
            ],
            options={
                "verbose_name": "destruction",
                "verbose_name_plural": "destruction log",
                "ordering": ["-begun_at", "-id"],
                "indexes": [models.Index(fields=["kind", "-ended_at"], name="destruction_kind")],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
