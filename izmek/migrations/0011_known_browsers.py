from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("izmek", "0010_destruction_log")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="devices_forgotten",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="times the known browsers were forgotten"),
        ),
    ]
