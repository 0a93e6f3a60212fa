"""Search: clean what people type, and fold columns that have no stored search key.

Large tables store their search key in a `fields.FoldedField` instead.
"""

from difflib import get_close_matches

from django.db.models import Func, Q, TextField

from izmek.text.fold import fold
from izmek.text.order import COLLATION

MOST_LETTERS, MOST_WORDS = 100, 8


def typed(raw):
    """The search text on one line, at most MOST_LETTERS long, and whether it was shortened."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in raw).split())
    return text[:MOST_LETTERS].strip(), len(text) > MOST_LETTERS


def first_words(text):
    """The first MOST_WORDS different words of a text, folded.

    There is a limit because every word adds a condition to the query of every table.
    """
    return " ".join(list(dict.fromkeys(fold(text).split()))[:MOST_WORDS])


def with_words(rows, text, *columns, also=None):
    """The rows that contain every word of a text, each word in any of the columns.

    `columns`: lookup paths to folded text. `also`: a function from a folded word to a Q that matches too.
    """
    for word in fold(text).split():
        match = also(word) if also else Q()
        for column in columns:
            match |= Q(**{f"{column}__contains": word})
        rows = rows.filter(match)
    return rows


def closest(word, known):
    """The known word that is spelled most like a folded one, or "": a letter or two are wrong at most."""
    near = [
        one
        for one in known
        if abs(len(one) - len(word)) <= 2 and (one[0] == word[0] or one[-1] == word[-1])
    ]
    return next(iter(get_close_matches(word, near, n=1, cutoff=0.75)), "")


class Fold(Func):
    """`text.fold.fold` in SQL. SQLite calls the Python function itself.

    On PostgreSQL only the marks of Turkish letters are removed, which is enough for names and titles.
    """

    function = "izmek_fold"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = (
            f"translate(lower(%(expressions)s COLLATE \"{COLLATION}\"), 'ıçğöşüâîû', 'icgosuaiu')"
        )
        return self.as_sql(compiler, connection, template=template, **context)


def register_fold(sender, connection, **kwargs):
    """Receiver of `connection_created`: adds the SQL function to SQLite."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("izmek_fold", 1, fold, deterministic=True)
