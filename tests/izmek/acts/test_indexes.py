"""An index that is made while people work."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from izmek.acts.indexes import AddIndexWhileServing
from izmek.text.trigrams import TrigramIndex

NAME = "letter_tried"


def known():
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "izmek_letter")
    return NAME in found


@pytest.mark.postgres
@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_half", [True, False], ids=["after half of one", "after one not noted"])
@pytest.mark.parametrize(
    "index",
    [models.Index(fields=["error"], name=NAME), TrigramIndex(fields=["to"], name=NAME, folds=True)],
    ids=["of a column", "of folded text"],
)
def test_made_again_and_taken_away(index, is_half):
    """Its migration was broken off: in the middle of it, or before it was noted."""
    with connection.cursor() as cursor:
        add = AddIndexWhileServing("letter", index)
        before = ProjectState.from_apps(apps)
        after = before.clone()
        add.state_forwards("izmek", after)
        cursor.execute(f"CREATE INDEX {NAME} ON izmek_letter (id)")
        if is_half and connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [NAME]
            )
    with connection.schema_editor(atomic=False) as editor:
        add.database_forwards("izmek", editor, before, after)
    assert known()
    with connection.schema_editor(atomic=False) as editor:
        add.database_backwards("izmek", editor, after, before)
    assert not known()


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    "rows",
    [
        DBTaskResult.objects.running(),
        DBTaskResult.objects.failed(),
        DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now()),
    ],
    ids=["left by a worker", "failed", "failed lately"],
)
def test_tasks_that_are_looked_for_all_the_time_are_found_by_an_index(rows):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "tasks_not_done_well" in rows.order_by().explain()
