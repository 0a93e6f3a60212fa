"""Search in the lists of the admin: rows in which each word stands in one of the columns.

What a search costs must not follow from what the list is joined with. So the tables to which a list only
leads (`through`: people, courses) are asked first how many of their rows know a word, and so is the list's
own. A word that one table alone knows is a condition on that table, which its own index answers. Of a word
that several know (a name that is also in a programme) each gives the keys of its rows in the list, by an
index of its own: of one condition that joins them by OR the database would ask every row.
"""

from django.contrib.admin.utils import get_fields_from_path
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, IntegerField, Q, Subquery

from izmek.acts.queries import in_any
from izmek.text.fields import FoldedField
from izmek.text.search import Fold, first_words, typed

MOST_KEYS = 20_000  # of a table for a word; where more rows hold it, it is soon found in any order


def found_among(rows, text, paths, through=()):
    """Those of the rows that hold every word of the text, each in any of the columns at `paths`.

    Of a long text only the first words count, as everywhere (izmek/text/search.py).
    """
    words = first_words(typed(text)[0]).split()
    if not words:
        return rows
    tables = [table for table in _tables(rows.model, paths, through) if table.paths]
    if len(tables) > 1:
        for word, known in zip(words, _known(tables, words), strict=True):
            rows = _with_word(rows, word, known)
        return rows
    if any(_leads_to_many(rows.model, path) for path in paths):
        found = _in_columns(rows.model._base_manager.all(), paths, words)
        return rows.filter(pk__in=found.values("pk"))
    return _in_columns(rows, paths, words)


def _tables(model, paths, through):
    """The columns at `paths` by the table that is asked for them: the list's own, or one of `through`."""
    left = list(paths)
    for relation in sorted(through, key=len, reverse=True):  # "makers__trainee" before "makers"
        there = [path for path in left if path.startswith(f"{relation}__")]
        left = [path for path in left if path not in there]
        yield _Table(model, relation, there)
    yield _Table(model, "", left)


class _Table:
    """A table to which a list leads by a relation, and the columns of the search that lie there.

    Without a relation it is the list's own.
    """

    def __init__(self, model, relation, paths):
        self.list, self.relation, self.paths = model, relation, paths
        self.model, self.columns = model, paths
        if relation:
            self.model = get_fields_from_path(model, relation)[-1].related_model
            self.columns = [path.removeprefix(f"{relation}__") for path in paths]

    def knowing(self, word):
        return _in_columns(self.model._base_manager.order_by(), self.columns, [word])

    def leading(self, word):
        """The keys of the rows of the list that lead to rows here which hold the word."""
        knowing = self.knowing(word).values("pk")
        if self.relation:
            knowing = self.list._base_manager.filter(**{f"{self.relation}__in": knowing})
        return knowing.values("pk")


class _Number(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _known(tables, words):
    """For each word {table: how many of its rows hold it}, up to MOST_KEYS and one more.

    One query, beside a table that is never empty.
    """
    asked = {
        f"known_{i}_{n}": _Number(table.knowing(word).values("pk")[: MOST_KEYS + 1])
        for n, word in enumerate(words)
        for i, table in enumerate(tables)
    }
    known = ContentType.objects.order_by().values(**asked)[0]
    return [
        {
            table: known[f"known_{i}_{n}"]
            for i, table in enumerate(tables)
            if known[f"known_{i}_{n}"]
        }
        for n in range(len(words))
    ]


def _with_word(rows, word, known):
    """Those of the rows that hold the word, by the tables that know it."""
    if not known:
        return rows.none()
    paths = [path for table in known for path in table.paths]
    to_many = any(_leads_to_many(rows.model, path) for path in paths)
    if max(known.values()) > MOST_KEYS or (len(known) == 1 and not to_many):
        if to_many:
            return rows.filter(pk__in=_in_columns(rows.model._base_manager.all(), paths, [word]))
        return _in_columns(rows, paths, [word])
    return in_any(rows, *(table.leading(word) for table in known))


def _in_columns(rows, paths, words):
    rows = _folded(rows, paths)
    for word in words:
        rows = rows.filter(_holds(rows.model, paths, word))
    return rows


def _folded(rows, paths):
    """The rows with the folded text of those columns that store none (`_holds` reads it)."""
    return rows.alias(
        **{_alias(path): Fold(F(path)) for path in paths if not _is_folded(rows.model, path)}
    )


def _holds(model, paths, word):
    """The rule: the folded word stands in one of the columns."""
    match = Q()
    for path in paths:
        column = path if _is_folded(model, path) else _alias(path)
        match |= Q(**{f"{column}__contains": word})
    return match


def _alias(path):
    return f"_folded_{path.replace('__', '_')}"


def _is_folded(model, path):
    return isinstance(get_fields_from_path(model, path)[-1], FoldedField)


def _leads_to_many(model, path):
    """Whether a row can have several of what the path leads to."""
    steps = get_fields_from_path(model, path)
    return any(step.is_relation and (step.one_to_many or step.many_to_many) for step in steps)
