"""Rows by the hundred thousand: COPY on PostgreSQL, `executemany` elsewhere.

A Loader gives the rows their keys, fills what is not named with the model's defaults, computes
search keys and encrypts what is to be encrypted. The database checks every constraint. Neither
`save()` nor a signal runs, so it is for fresh databases alone; the history is written by
`Loader.write_history`.
"""

import csv
import io
from datetime import timedelta
from functools import lru_cache

from django.core.management.color import no_style
from django.db import connection
from django.db.models import JSONField, Max
from django.db.models.fields import NOT_PROVIDED

from izmek.secrets.fields import EncryptedTextField
from izmek.text.fields import FoldedField
from izmek.text.fold import fold

AT_ONCE = 100_000  # rows that wait before they are written
NULL = r"\N"
PREPARED = (EncryptedTextField, JSONField)  # what the database holds in another form than Python
# What tells when a row was made, for its history.
UNDATED = timedelta(days=365)
MADE_AT = ("created_at", "at", "received_at", "submitted_at", "written_at", "approved_at")

_folded = lru_cache(200_000)(fold)


class TableLoad:
    """The rows of one model that wait to be written."""

    def __init__(self, model, now):
        self.model, self.rows, self.total = model, [], 0
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self.defaults = [self._default(field, now) for field in fields]
        self.folded = [field for field in fields if isinstance(field, FoldedField)]
        self.known = set(self.names)
        self.key = model._meta.pk.attname
        self.next = None
        if model._meta.pk.get_internal_type() != "UUIDField":
            self.next = (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
        every = connection.vendor != "postgresql"
        self.prepared = [
            (at, field) for at, field in enumerate(fields) if every or isinstance(field, PREPARED)
        ]

    @staticmethod
    def _default(field, now):
        if field.has_default() or field.db_default is NOT_PROVIDED:
            return field.get_default()
        return now  # what the database alone gives is the moment

    def add(self, values):
        if not values.keys() <= self.known:
            raise TypeError(f"{self.model._meta.label} has no {values.keys() - self.known}")
        key = values.get(self.key)
        if key is None:
            key = values[self.key] = self.next
            self.next += 1
        for field in self.folded:
            values[field.attname] = _folded(
                " ".join(values.get(name) or "" for name in field.source)
            )
        self.rows.append(list(map(values.get, self.names, self.defaults)))
        return key

    def write(self, cursor):
        for at, field in self.prepared:
            for row in self.rows:
                row[at] = field.get_db_prep_save(row[at], connection)
        quote = connection.ops.quote_name
        table = quote(self.model._meta.db_table)
        columns = ", ".join(quote(field.column) for field in self.model._meta.concrete_fields)
        if connection.vendor == "postgresql":
            file = io.StringIO()
            csv.writer(file).writerows(
                [NULL if value is None else value for value in row] for row in self.rows
            )
            file.seek(0)
            sql = f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL '{NULL}')"
            cursor.copy_expert(sql, file)
        else:
            marks = ", ".join(["%s"] * len(self.names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", self.rows)
        self.total += len(self.rows)
        self.rows = []


class Loader:
    """Takes rows of many models and writes them in the order in which the models first came.

    So whatever a row refers to belongs to a model that came earlier.
    """

    def __init__(self, now):
        self.now = now
        self.tables = {}
        self._waiting = 0

    def order(self, *models):
        """Say in which order the tables are written."""
        for model in models:
            self.tables[model] = TableLoad(model, self.now)

    def add(self, model, **values):
        """One more row, by column names (`course_id=…`); returns its key."""
        self._waiting += 1
        return self.tables[model].add(values)

    def flush(self, at_least=0):
        """Write what waits, if it is that much."""
        if self._waiting <= at_least:
            return
        with connection.cursor() as cursor:
            for table in self.tables.values():
                if table.rows:
                    table.write(cursor)
        self._waiting = 0

    def finish(self):
        """Write the rest, and let the next rows have the next keys."""
        self.flush()
        models = [table.model for table in self.tables.values() if table.next is not None]
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(sql)

    def counts(self):
        return {table.model._meta.label: table.total for table in self.tables.values()}

    # --- History --------------------------------------------------------------------------------

    def write_history(self, by, at_first):
        """The history that `save()` would have written: one "created" for each row.

        `at_first`: {model: {column: SQL}} for what a row was before it became what it is; such a row
        is then "changed" once as well, where the SQL of the column None holds.
        """
        with connection.cursor() as cursor:
            for model in self.tables:
                if not hasattr(model._meta, "simple_history_manager_attribute"):
                    continue
                first = dict(at_first.get(model, {}))
                changed = first.pop(None, None)
                self._write_history(cursor, model, by, "+", first)
                if changed:
                    self._write_history(cursor, model, by, "~", {}, changed)

    def _write_history(self, cursor, model, by, kind, first, condition="1 = 1"):
        quote = connection.ops.quote_name
        history = model._meta.simple_history_manager_attribute
        history = getattr(model, history).model
        known = {field.column for field in model._meta.concrete_fields}
        columns = [f.column for f in history._meta.concrete_fields if f.column in known]
        values = [first.get(column, quote(column)) for column in columns]
        made = next((quote(name) for name in MADE_AT if name in known), "NULL")
        who = quote("by_id") if "by_id" in known else str(by)
        columns += ["history_date", "history_type", "history_user_id"]
        values += [f"COALESCE({made}, %s)", "%s", who]
        # Of what no column tells when it was made: not all of a town today, its day would be no day.
        at = self.now - UNDATED if made == "NULL" else self.now
        at = history._meta.get_field("history_date").get_db_prep_save(at, connection)
        cursor.execute(
            f"INSERT INTO {quote(history._meta.db_table)} ({', '.join(map(quote, columns))}) "
            f"SELECT {', '.join(values)} FROM {quote(model._meta.db_table)} WHERE {condition}",
            [at, kind],
        )
