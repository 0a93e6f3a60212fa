"""Querysets whose SQL is made once: for what pages and acts ask the same each time.

Building a deep queryset and compiling it takes Django longer than the database needs for the answer. What
is asked differs by a few values alone, so such querysets are written as functions of these:

    @prepared
    def works_of(exhibition):
        return Work.objects.shown_at(exhibition).for_cards()

    works_of(exhibition=row.pk)  # the rows, as a list

The function is called the first time with places (`Given`) instead of values. Its SQL is kept, and the
values are put into their places each time it is asked. Rules stay where they are, in the querysets of
`queries/`; the database is asked each time, so nothing is ever stale.

What a function may do:

- Values are compared in the database (`filter(begin__lte=day)`), never in Python. A list is given for
  `__in` and may be empty; a slice is always the same.
- Beside its values it may depend on the local date, as ages and opening days do: a statement is made anew
  every day. On the moment it may not depend, which it takes as a value: the tests call it twice and refuse
  it if its SQL has changed (`looks_twice`).
- It asks the database nothing, and gives a queryset: aggregates and `exists()` are not for it.
- What it reads in Python, as a date with which it reckons, is named: `@prepared(by=("user", "today"))`. A
  statement is made for each. Of a user it may read the roles and what was looked up already; their key is a
  place like other values, so that one statement serves everybody of the same roles.

A number that no column holds names no row, as with Django's own lookups. For a list longer than LONGEST the
queryset is made as usual: its statement would be kept for what may be asked once.
"""

from copy import copy
from datetime import date, datetime
from functools import lru_cache, partial, update_wrapper
from types import SimpleNamespace
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression, prefetch_related_objects
from django.db.transaction import TransactionManagementError
from django.utils import timezone

LONGEST = 1024  # values of a list
BIGGEST = 2**63  # of a BigIntegerField
looks_twice = False  # set by the tests: to compile each statement twice costs a new process seconds
KEPT = 32  # statements of one function: the day, and how long its lists are
ANYBODY = -(2**61) - 1923  # stands for a user's key in a statement; no row has it
FIELDS = {
    bool: models.BooleanField(),
    int: models.BigIntegerField(),
    str: models.TextField(),
    date: models.DateField(),
    datetime: models.DateTimeField(),
    UUID: models.UUIDField(),
}

_kept = []  # the statements of each function


class Given(Expression):
    """A place in a statement for a value, or for the values of a list of this length."""

    def __init__(self, name, kind, length=None):
        super().__init__(output_field=FIELDS[kind])
        self.name, self.length = name, length

    def as_sql(self, compiler, connection):
        if self.length is None:
            return "%s", [(self, None)]
        places = ", ".join(["%s"] * self.length)
        return f"({places})", [(self, place) for place in range(self.length)]

    def value(self, place, values, connection):
        """What stands there: the value of that name, or the one of its list."""
        value = values[self.name] if place is None else _at(values[self.name], place)
        return self.output_field.get_db_prep_value(value, connection)


def _at(values, place):
    """The value at a place of a list, which its last one fills up; of an empty one NULL: no row is that."""
    return values[min(place, len(values) - 1)] if values else None


def prepared(make=None, *, by=(), kept=KEPT):
    """Decorator: a function of values (int, str, date, datetime, UUID, lists of them) that gives rows.

    `by`: the keywords that are no places of the statement; one is made for each of what they are, `kept` in
    all. See the module for what it may do. Returns a function of the same keywords that gives a list.
    """
    if make is None:
        return partial(prepared, by=by, kept=kept)

    looked_at = False

    @lru_cache(maxsize=kept)
    def statement(_day, shapes, known):
        nonlocal looked_at
        users = [each.name for each in known if each.is_user]
        of_known = partial(make, **{each.name: each.stand_in() for each in known})
        made = _Statement(of_known, dict(shapes), users)
        if looks_twice and not looked_at:
            made.require_same(_Statement(of_known, dict(shapes), users), make)
            looked_at = True
        return made

    _kept.append(statement)

    def rows(**values):
        known = tuple(_Known(name, values.pop(name)) for name in by)
        values = {name: _listed(value) for name, value in values.items()}
        if any(_is_too_big(value) for value in values.values()):
            return []
        if any(type(value) is list and len(value) > LONGEST for value in values.values()):
            return list(make(**values, **{each.name: each.value for each in known}))
        shapes = tuple((name, _shape(value)) for name, value in values.items())
        values |= {each.name: each.value.pk for each in known if each.is_user}
        return statement(timezone.localdate(), shapes, known).rows(values)

    return update_wrapper(rows, make)


class _Known:
    """What a function reads in Python, compared by what it may read of it; see `by`."""

    def __init__(self, name, value):
        self.name, self.is_user = name, hasattr(value, "roles")
        self.value = getattr(value, "_wrapped", value)  # kept for long, but not with its request
        what = (value.roles, value.is_superuser) if self.is_user else value
        self.key = name, what

    def stand_in(self):
        """What the function gets: of a user one with the same roles, who is anybody."""
        if not self.is_user:
            return self.value
        anybody = copy(self.value)
        anybody.pk = ANYBODY
        return anybody

    def __eq__(self, other):
        return self.key == other.key

    def __hash__(self):
        return hash(self.key)


def in_order(asked, keys):
    """The rows with these keys, in the order of the keys: a page's rows are read when they are known.

    `asked`: a prepared function of `keys`.
    """
    keys = list(keys)
    found = {row.pk: row for row in asked(keys=keys)} if keys else {}
    return [found[key] for key in keys if key in found]


def _listed(value):
    if not isinstance(value, (list, tuple, set, frozenset)):
        return value
    return [one for one in value if not _is_too_big(one)]


def _is_too_big(value):
    return isinstance(value, int) and abs(value) >= BIGGEST


def _shape(value):
    """(type, None) of a value; (type, length) of a list, one of few lengths, so that few statements do."""
    if not isinstance(value, list):
        return _kind(value), None
    kind = _kind(value[0]) if value else int
    return kind, 1 << max(len(value) - 1, 0).bit_length()


def _kind(value):
    """Of which of FIELDS a value is; a choice of an enum is what it stands for."""
    for kind in type(value).__mro__:
        if kind in FIELDS:
            return kind
    raise TypeError(f"{type(value).__name__} has no place in a statement.")


def forget():
    """Every statement that this process keeps; for tests, which change how one is made."""
    for statement in _kept:
        statement.cache_clear()


class _Statement:
    """The SQL of a queryset, and all that Django needs to make its rows."""

    def __init__(self, make, shapes, users=()):
        self.queryset = make(**{name: Given(name, *shape) for name, shape in shapes.items()})
        self.compiler = self.queryset.query.get_compiler(self.queryset.db)
        try:
            self.sql, self.places = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.places = None, ()
            return
        for name in users:
            place = Given(name, int), None
            self.places = tuple(place if one == ANYBODY else one for one in self.places)
        if str(ANYBODY) in f"{self.sql} {self.places}":
            raise TypeError("The key of a user is in a statement as something else than a number.")

    def require_same(self, again, make):
        """Raise a TypeError if what the function gave when it was called again is another statement."""
        if (self.sql, self.places) != (again.sql, again.places):
            raise TypeError(f"{make.__qualname__} holds a moment, which would be kept with it.")

    def rows(self, values):
        if self.sql is None:
            return []
        compiler = copy(self.compiler)
        compiler.connection = connection = connections[self.queryset.db]
        self._require_transaction(connection)
        params = tuple(
            place[0].value(place[1], values, connection) if _is_given(place) else place
            for place in self.places
        )
        compiler.as_sql = lambda *_args, **_options: (self.sql, params)
        rows = list(self.queryset._iterable_class(_Asked(self.queryset, compiler)))
        if self.queryset._prefetch_related_lookups:
            prefetch_related_objects(rows, *self.queryset._prefetch_related_lookups)
        return rows

    def _require_transaction(self, connection):
        """What locks rows asks for a transaction each time, as when Django compiles it."""
        locks = self.queryset.query.select_for_update
        if locks and connection.features.has_select_for_update and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked until a transaction ends.")


def _is_given(place):
    return type(place) is tuple and isinstance(place[0], Given)


class _Asked(SimpleNamespace):
    """What the iterables of Django read of a queryset, with a compiler that has its SQL already."""

    def __init__(self, queryset, compiler):
        query = _Query(queryset.query, compiler)
        super().__init__(
            db=queryset.db, query=query, _fields=queryset._fields, _known_related_objects={}
        )


class _Query:
    def __init__(self, query, compiler):
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_args, **_options):
        return self._compiler

    def __getattr__(self, name):
        return getattr(self._query, name)
