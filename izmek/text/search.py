"""What people type to find something, and folded search in columns that keep no folded copy.

(`izmek.text.fields.FoldedField` is for the large tables.)
"""

from django.db.models import Func, Q, TextField

from izmek.text.fold import fold
from izmek.text.order import COLLATION

MOST_LETTERS, MOST_WORDS = 100, 8


def typed(raw):
    """What to search for, on one line and not too long; and whether it was shortened."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in raw).split())
    return text[:MOST_LETTERS].strip(), len(text) > MOST_LETTERS


def first_words(text):
    """The folded words of a text, the first few and each once, which are what was meant.

    Every word costs a condition in every table.
    """
    return " ".join(list(dict.fromkeys(fold(text).split()))[:MOST_WORDS])


def with_words(rows, text, *columns, also=None):
    """Those of the rows that hold every word of a text, Turkish letters or not, each in any of the columns.

    `columns`: lookup paths to folded text. `also`: a function from a folded word to a Q that is as good.
    """
    for word in fold(text).split():
        match = also(word) if also else Q()
        for column in columns:
            match |= Q(**{f"{column}__contains": word})
        rows = rows.filter(match)
    return rows


class Fold(Func):
    """`fold` as the database does it: on SQLite the very function, on PostgreSQL nearly.

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
