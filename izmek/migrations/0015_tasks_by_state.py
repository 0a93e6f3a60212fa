from django.db import migrations, models

from izmek.acts.indexes import AddIndexToLibrary


class Migration(migrations.Migration):
    """Workers look every five seconds for what others left, `/olcumler/` and the first page for what failed."""

    atomic = False

    dependencies = [
        ("izmek", "0014_upkeep"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        AddIndexToLibrary(
            "django_tasks_database",
            "dbtaskresult",
            models.Index(
                fields=["status", "finished_at"],
                name="tasks_not_done_well",
                condition=models.Q(status__in=["RUNNING", "FAILED"]),
            ),
        ),
    ]
