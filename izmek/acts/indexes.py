"""An index on a table in which people work meanwhile, for migrations."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexWhileServing(AddIndexConcurrently):
    """`AddIndex` that stops nobody who writes; its migration says `atomic = False`.

    PostgreSQL makes such an index outside a transaction. One that was broken off leaves half an index
    behind, which nothing uses: it is dropped, and the migration can be run again. SQLite, which knows no
    other way, makes an ordinary one.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
        if not schema_editor.collect_sql:
            self._drop_half(schema_editor)
        return super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
        return super().database_backwards(app_label, schema_editor, from_state, to_state)

    def _drop_half(self, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid",
                [schema_editor.quote_name(self.index.name)],
            )
            if cursor.fetchone():
                name = schema_editor.quote_name(self.index.name)
                cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
