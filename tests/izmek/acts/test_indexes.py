"""An index that is made while people work."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

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
@pytest.mark.parametrize(
    "index",
    [models.Index(fields=["error"], name=NAME), TrigramIndex(fields=["to"], name=NAME, folds=True)],
    ids=["of a column", "of folded text"],
)
def test_made_taken_away_and_made_again_after_half_of_one(index):
    with connection.cursor() as cursor:
        add = AddIndexWhileServing("letter", index)
        before = ProjectState.from_apps(apps)
        after = before.clone()
        add.state_forwards("izmek", after)
        half = connection.vendor == "postgresql"
        if half:  # as one is that was broken off
            cursor.execute(f"CREATE INDEX {NAME} ON izmek_letter (id)")
            cursor.execute(
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [NAME]
            )
    with connection.schema_editor(atomic=False) as editor:
        add.database_forwards("izmek", editor, before, after)
    assert known()
    with connection.schema_editor(atomic=False) as editor:
        add.database_backwards("izmek", editor, after, before)
    assert not known()
