"""Folded search in columns that keep no folded copy (`fields.FoldedField` is for the large tables)."""

from django.db.models import Func, TextField

from izmek.turkish import COLLATION, fold


class Fold(Func):
    """`turkish.fold` as the database does it: on SQLite the very function, on PostgreSQL nearly.

    PostgreSQL takes the marks of the Turkish letters alone, which is what names and titles hold.
    """

    function = "izmek_fold"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = (
            f"translate(lower(%(expressions)s COLLATE \"{COLLATION}\"), 'ıçğöşüâîû', 'icgosuaiu')"
        )
        return self.as_sql(compiler, connection, template=template, **context)


def register_fold(sender, connection, **kwargs):
    """Receiver of `connection_created`: gives SQLite the function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("izmek_fold", 1, fold, deterministic=True)
