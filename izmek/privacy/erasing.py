"""Erases what is declared of people, in all tables and their histories (izmek/privacy/record.py).

    with transaction.atomic():
        counts = erase(Trainee, keys)

Whoever calls it has locked the people, asked for the right and says so in the logs; this here only does to
each column what its declaration says. Retention calls it for the `periods` that are over, so that a
person's contact data can go years before the results do.

What is more than columns – files, photos, rows that point to nobody – is done by hooks:

    @before_erasing(Trainee)
    def photos_of(keys, periods): …
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import models, transaction

from izmek.acts.bulk import rows_written
from izmek.privacy import record
from izmek.privacy.record import Declaration, Instead, about

ROWS_AT_ONCE = 500

_hooks = defaultdict(list)


def before_erasing(subject):
    """Register what else goes with people of the model `subject`, before their rows do.

    It is given their keys and the periods (None: all), in the transaction of the erasing, and may return
    a Counter {what: number}, which is added to the counts.
    """

    def register(hook):
        _hooks[subject].append(hook)
        return hook

    return register


@dataclass(frozen=True)
class FoundRows:
    """What there is about somebody in one table: `rows` of them, which go or are emptied in part."""

    declaration: Declaration
    rows: int
    whole: bool  # whether the rows go
    goes: dict  # {column: Personal}
    kept: dict  # {column: Personal}: `.erase.reason` says why


def look(subject, keys, *, periods=None):
    """What `erase` would do, as a list of FoundRows without empty ones."""
    found = []
    for declaration in about(subject):
        whole, goes = _extent(declaration, periods)
        kept = {name: one for name, one in declaration.personal.items() if name not in goes}
        if rows := declaration.rows_of(subject, keys).count():
            found.append(FoundRows(declaration, rows, whole, goes, {} if whole else kept))
    return found


def erase(subject, keys, *, periods=None):
    """Erase what is declared of the people of the model `subject` with these keys.

    `periods`: only what is kept for these Periods; None for everything. Returns a Counter {label of the
    table: rows that went or were changed}. Needs a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Erasing needs a transaction.")
    keys, counts = list(keys), Counter()
    for hook in _hooks[subject]:
        counts.update(hook(keys, periods) or {})
    for declaration in about(subject):
        whole, goes = _extent(declaration, periods)
        if goes or periods is None:
            rows = declaration.rows_of(subject, keys)
            old = declaration.versions_of(subject, keys)
            counts.update(_erase(declaration, rows, old, goes, whole))
    return +counts


def look_at_rows(declaration, rows):
    """What `erase_rows` would do, as FoundRows."""
    whole, goes = declaration.erase_rows, declaration.goes
    return FoundRows(declaration, rows.count(), whole, goes, {} if whole else declaration.kept)


def erase_rows(declaration, rows):
    """Erase rows of a table (a QuerySet) and their history, or what is declared of their columns.

    Returns the counts as `erase` does.
    """
    old = declaration.versions_among(rows)
    return _erase(declaration, rows, old, declaration.goes, declaration.erase_rows)


def _erase(declaration, rows, old, goes, whole):
    if whole:
        return _delete(rows, old)
    counts = Counter()
    if old is not None:
        # With all that goes, go the reasons: whoever wrote one may have named somebody.
        reasons = {"history_change_reason": None} if goes.keys() == declaration.goes.keys() else {}
        number = _empty(old, goes, reasons)
        if goes:
            counts[old.model._meta.label] += number
    if goes:
        counts[rows.model._meta.label] += _empty(rows, goes)
    return counts


def _extent(declaration, periods):
    """(whether whole rows go, {column: Personal} that go) when these periods are over."""
    if periods is None or declaration.periods <= set(periods):
        return declaration.erase_rows and bool(declaration.goes), declaration.goes
    if declaration.erase_rows:
        return False, {}
    return False, {name: one for name, one in declaration.goes.items() if one.period in periods}


def _delete(rows, old):
    """Delete rows and then their history, of which deleting them writes one more version."""
    label, counts = rows.model._meta.label, Counter()
    if old is None and not rows.model._meta.related_objects:
        # Nothing hangs on them: one statement, without a look at each.
        counts[label] = rows._raw_delete(rows.db)
        if counts[label]:
            fields = {column.name for column in rows.model._meta.concrete_fields}
            rows_written.send(sender=rows.model, fields=fields)
        return counts
    if old is None:
        counts[label] = rows.delete()[1].get(label, 0)
        return counts
    table, key = old.model, rows.model._meta.pk.name
    versions, keys = list(old.values_list("pk", flat=True)), list(rows.values_list("pk", flat=True))
    counts[label] = rows.delete()[1].get(label, 0)
    gone = models.Q(pk__in=versions) | models.Q(**{f"{key}__in": keys})
    counts[table._meta.label] = table._base_manager.filter(gone).delete()[0] - counts[label]
    return counts


def _empty(rows, goes, more=None):
    """Put into the columns what their declarations say, and `more`; of a history those that it has."""
    table = rows.model
    columns = {column.name: column for column in table._meta.concrete_fields}
    goes = {name: one for name, one in goes.items() if name in columns}
    made = {name: one for name, one in goes.items() if _is_made(one)}
    same = {name: _value(columns[name], goes[name]) for name in goes.keys() - made.keys()}
    same |= more or {}
    number = 0
    if made:
        # A column that is made of the row is made before the others are empty.
        keys = list(rows.order_by().values_list("pk", flat=True))
        for start in range(0, len(keys), ROWS_AT_ONCE):
            _make(table, keys[start : start + ROWS_AT_ONCE], made)
        number = len(keys)
    if same:
        number = rows.update(**same)
    if number and record.base_of(table) is table:
        rows_written.send(sender=table, fields=goes.keys())
    return number


def _make(table, keys, made):
    some = list(table._base_manager.filter(pk__in=keys).only("pk", *made))
    for name, one in made.items():
        for row, value in zip(some, one.erase.of(some), strict=True):
            setattr(row, name, value)
    table._base_manager.bulk_update(some, made)


def _is_made(personal):
    return isinstance(personal.erase, Instead) and personal.erase.of is not None


def _value(column, personal):
    if isinstance(personal.erase, Instead):
        return personal.erase.value
    if column.null:
        return None
    if isinstance(column, models.CharField | models.TextField):
        return ""
    return column.get_default()
