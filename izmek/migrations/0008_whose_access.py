from django.db import migrations, models

AT_ONCE = 20_000  # rows of one transaction: nobody who writes meanwhile waits for long

SALT = {
    "postgresql": "gen_random_uuid()",
    "sqlite": "lower(hex(randomblob(16)))",
}
IS_KEY = {
    "postgresql": "object_id ~ '^[0-9]{1,18}$'",
    "sqlite": "object_id <> '' AND object_id NOT GLOB '*[^0-9]*'",
}


def fill(apps, schema_editor):
    """Give what was recorded so far its salt, and say whose it is where the row is a trainee itself."""
    connection, log = schema_editor.connection, apps.get_model("izmek", "AccessLog")
    types = apps.get_model("contenttypes", "ContentType").objects
    trainee = types.filter(app_label="trainees", model="trainee").values_list("pk", flat=True).first()
    is_person = f"content_type_id = {trainee or -1} AND {IS_KEY[connection.vendor]}"
    last = log.objects.aggregate(last=models.Max("pk"))["last"] or 0
    with connection.cursor() as cursor:
        # Who has stopped between two migrations has the triggers already; after `migrate` they are back.
        for operation in ("update", "delete", "truncate"):
            on = " ON izmek_accesslog" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS izmek_accesslog_no_{operation}{on}")
        for begin in range(0, last, AT_ONCE):
            cursor.execute(
                f"UPDATE izmek_accesslog SET salt = {SALT[connection.vendor]},"
                f" whose_type_id = CASE WHEN {is_person} THEN content_type_id END,"
                f" whose_id = CASE WHEN {is_person} THEN CAST(object_id AS bigint) END"
                f" WHERE id > {begin} AND id <= {begin + AT_ONCE} AND salt IS NULL"
            )


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('izmek', '0007_access_log_only_grows'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='accesslog',
            index=models.Index(condition=models.Q(('whose_id__isnull', False)), fields=['whose_type', 'whose_id', '-at'], name='access_whose'),
        ),
    ]
