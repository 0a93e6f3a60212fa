"""Search in the lists of the admin: rows in which each word stands in one of the columns.

What a search costs must not follow from what the list is joined with. So the tables to which a list only
leads (`through`: people, courses) are asked first which words they know. A word that one table alone knows
is a condition on that table, which its own index answers. A word that several know (a name that is also
in a programme) becomes the keys of their rows, for which the list has indexes.
"""

from django.contrib.admin.utils import get_fields_from_path
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Q

from izmek.text.fields import FoldedField
from izmek.text.fold import fold
from izmek.text.search import Fold

MOST_KEYS = 20_000  # of a table for a word; where more rows hold it, it is soon found in any order


def found_among(rows, text, paths, through=()):
    """Those of the rows that hold every word of the text, each in any of the columns at `paths`."""
    words = list(dict.fromkeys(fold(text).split()))
    if not words:
        return rows
    if any(_leads_to_many(rows.model, path) for path in paths):
        found = _in_columns(rows.model._base_manager.all(), paths, words)
        return rows.filter(pk__in=found.values("pk"))
    tables = [_Table(rows.model, relation, paths) for relation in through]
    tables = [table for table in tables if table.paths]
    own = [path for path in paths if not any(path in table.paths for table in tables)]
    if not tables:
        return _in_columns(rows, own, words)
    rows = _folded(rows, paths)
    for word, knowing in zip(words, _who_knows(tables, words), strict=True):
        match = _holds(rows.model, own, word)
        for table in knowing:
            match |= table.condition(word, alone=len(knowing) == 1 and not own)
        rows = rows.filter(match) if match else rows.none()
    return rows


class _Table:
    """A table to which a list leads by a relation, and the columns of the search that lie there."""

    def __init__(self, model, relation, paths):
        self.relation = relation
        self.rows = get_fields_from_path(model, relation)[-1].related_model._base_manager.all()
        self.paths = [path for path in paths if path.startswith(f"{relation}__")]
        self.columns = [path.removeprefix(f"{relation}__") for path in self.paths]
        self.list = model

    def knowing(self, word):
        return _in_columns(self.rows, self.columns, [word])

    def condition(self, word, alone):
        """The rows of the list that lead to rows here which hold the word."""
        if not alone:
            keys = list(self.knowing(word).values_list("pk", flat=True)[: MOST_KEYS + 1])
            if len(keys) <= MOST_KEYS:
                return Q(**{f"{self.relation}__in": keys})
        return _holds(self.list, self.paths, word)


def _who_knows(tables, words):
    """For each word the tables in which it stands; one query, beside a table that is never empty."""
    asked = {
        f"knows_{i}_{n}": Exists(table.knowing(word))
        for n, word in enumerate(words)
        for i, table in enumerate(tables)
    }
    known = ContentType.objects.order_by().values(**asked)[0]
    return [
        [table for i, table in enumerate(tables) if known[f"knows_{i}_{n}"]]
        for n in range(len(words))
    ]


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
