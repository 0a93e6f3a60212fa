"""An index for search inside a text: `folded LIKE '%oya%'`, whatever stands before it."""

from django.core.management import CommandError
from django.db import DatabaseError, connections, models

from izmek.text.search import Fold

EXTENSION = "pg_trgm"


class TrigramIndex(models.Index):
    """An index on folded text that answers `contains`, for tables of many rows.

    On PostgreSQL it finds the rows by every three letters in turn (GIN, pg_trgm); a word of one or two
    letters has none, so that whoever searches for such a word reads the whole index. SQLite, which
    serves small places, has an ordinary index: it reads through all of it, which is narrower than the
    table. A table of some hundred rows needs none: it is read faster than an index is opened.

    `folds`: the column keeps no folded copy, search folds it (`izmek.text.search.Fold`), so the index
    does too; SQLite has an ordinary one.
    """

    suffix = "trgm"

    def __init__(self, *, fields, name, folds=False):
        super().__init__(fields=fields, name=name, opclasses=["gin_trgm_ops"] * len(fields))
        self.folds = folds

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        del kwargs["opclasses"]
        return path, args, kwargs | ({"folds": True} if self.folds else {})

    def create_sql(self, model, schema_editor, using="", **kwargs):
        if schema_editor.connection.vendor != "postgresql":
            return super().create_sql(model, schema_editor, using=using, **kwargs)
        if self.folds:
            return self._on_folded(model, schema_editor, **kwargs)
        return super().create_sql(model, schema_editor, using=" USING gin", **kwargs)

    def _on_folded(self, model, schema_editor, concurrently=False):
        query = models.sql.Query(model, alias_cols=False)
        compiler = query.get_compiler(connection=schema_editor.connection)
        columns = (Fold(models.F(name)).resolve_expression(query) for name in self.fields)
        folded = ", ".join(f"({compiler.compile(column)[0]}) gin_trgm_ops" for column in columns)
        name, table = map(schema_editor.quote_name, (self.name, model._meta.db_table))
        how = "INDEX CONCURRENTLY" if concurrently else "INDEX"
        return f"CREATE {how} {name} ON {table} USING gin ({folded})"


def prepare_extension(sender, using, **kwargs):
    """Receiver of `pre_migrate`: makes PostgreSQL's extension before any table needs it."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}")
    except DatabaseError as error:
        raise CommandError(
            f"The search needs PostgreSQL's extension {EXTENSION}. Install PostgreSQL's contrib package "
            "and let the owner of the database migrate, or create it as a superuser in this database: "
            f"CREATE EXTENSION {EXTENSION}. PostgreSQL says: {error}"
        ) from error
