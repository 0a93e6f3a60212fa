"""An index on a table in which people work meanwhile, for migrations."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexWhileServing(AddIndexConcurrently):
    """`AddIndex` that stops nobody who writes; its migration says `atomic = False`.

    PostgreSQL makes such an index outside a transaction. One that was broken off leaves half an index
    behind, which nothing uses, or a whole one that nobody has noted: it is dropped, and the migration can
    be run again. SQLite, which knows no other way, makes an ordinary one.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        if not schema_editor.collect_sql:
            self._drop_left(schema_editor, "CONCURRENTLY " if on_postgresql else "")
        if on_postgresql:
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        return AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
        return super().database_backwards(app_label, schema_editor, from_state, to_state)

    def _drop_left(self, schema_editor, how):
        name = schema_editor.quote_name(self.index.name)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {how}IF EXISTS {name}")


class AddIndexToLibrary(AddIndexWhileServing):
    """The same on a table of another app, whose models, which are not ours, say nothing of the index."""

    def __init__(self, app_label, model_name, index):
        super().__init__(model_name, index)
        self.app_label = app_label

    def deconstruct(self):
        return (
            type(self).__name__,
            [],
            {
                "app_label": self.app_label,
                "model_name": self.model_name,
                "index": self.index,
            },
        )

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(self.app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards(self.app_label, schema_editor, from_state, to_state)
