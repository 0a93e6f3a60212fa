"""An index for search inside a text: `folded LIKE '%oya%'`, whatever stands before it."""

from django.core.management import CommandError
from django.db import DatabaseError, connections, models

EXTENSION = "pg_trgm"


class TrigramIndex(models.Index):
    """An index on folded text that answers `contains`, for tables of many rows.

    On PostgreSQL it finds the rows by every three letters in turn (GIN, pg_trgm); a word of one or two
    letters has none, so that whoever searches for such a word reads the whole index. SQLite, which
    serves small places, has an ordinary index: it reads through all of it, which is narrower than the
    table. A table of some hundred rows needs none: it is read faster than an index is opened.
    """

    suffix = "trgm"

    def __init__(self, *, fields, name):
        super().__init__(fields=fields, name=name, opclasses=["gin_trgm_ops"] * len(fields))

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        del kwargs["opclasses"]
        return path, args, kwargs

    def create_sql(self, model, schema_editor, using="", **kwargs):
        if schema_editor.connection.vendor == "postgresql":
            using = " USING gin"
        return super().create_sql(model, schema_editor, using=using, **kwargs)


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
