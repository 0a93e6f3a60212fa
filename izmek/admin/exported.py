"""What a list gives out: its columns, and its rows on their way into a file.

    class TraineeAdmin(ModelAdmin):
        exported = ("last_name", "first_name", "phone", "neighbourhood", "courses_now")
        exported_more = ("email", Out("age", _("age"), …))

A column is the path of a database column, the name of a column of the list, a `Column` of the lists that
are put in (izmek/sheets/columns.py), or an `Out`. A list that can be put in again (`import_kind`) has the
headings that are read there, so that a file which comes back changes nothing. Without `exported` a list
gives out its columns as it shows them, which costs a row of Python for each; of a large table the
columns that the database can read are named. What somebody reads masked is masked in the file as well.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice

from django.contrib import admin
from django.contrib.admin.utils import (
    NotRelationField,
    get_fields_from_path,
    label_for_field,
    lookup_field,
)
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeData
from django.utils.text import capfirst

from izmek.acts import imports
from izmek.acts.audit import log_access_to_many
from izmek.acts.enums import Access
from izmek.admin.masking import in_clear
from izmek.admin.scope import admin_of
from izmek.sheets.columns import Column
from izmek.text.phones import PhoneField, show_stored

CHUNK = 500  # rows that are read together

# How a row is called in a column of a row that points to it: by which of its columns.
NAMES = (("first_name", "last_name"), ("name",), ("title",))


@dataclass(frozen=True)
class Guard:
    """A column that not everybody may have and that needs a reason.

    `may(user)`: who has it. For each row whose second part holds something, a look of the kind `action` at
    `fields` of the row of `model` is noted, whose key is the first part.
    """

    may: Callable
    model: type
    action: Access
    fields: str


@dataclass(frozen=True)
class Out:
    """A column of an export.

    `of`: what the database reads for it, as parts: lookup paths, expressions, or functions from the user to
    an expression. `writes(*parts)`: what stands in the cell. Without parts it is what the list shows.
    `masks`: how a part is masked for an auditor; of a path its own admin says it.
    """

    name: str
    heading: str | Promise
    of: tuple = ()
    writes: Callable | None = None
    guard: Guard | None = None
    masks: tuple = field(default=())
    of_row: Callable | None = (
        None  # instead of parts: from the row, as the list reads it, to the cell
    )


def columns_of(model_admin, request):
    """(the columns that the user may take out of a list, the names of those that are chosen at first)."""
    first = model_admin.exported or [
        name
        for name in admin.ModelAdmin.get_list_display(model_admin, request)
        if name not in model_admin.not_exported
    ]
    asked = [*first, *model_admin.exported_more]
    columns = [_named(_column(model_admin, one), model_admin) for one in asked]
    may = [one for one in columns if one.guard is None or one.guard.may(request.user)]
    return may, [one.name for one in columns[: len(first)]]


def _column(model_admin, asked):
    """The Out of a path, of the name of a column of the list, of a Column, or of an Out."""
    if isinstance(asked, Out):
        return asked
    if isinstance(asked, Column):
        return Out(asked.name, asked.heading, of_row=asked.writes)
    fields = _fields(model_admin.model, asked)
    if fields is None:
        heading = label_for_field(asked, model_admin.model, model_admin)
        return Out(asked, heading)
    *relations, last = fields
    # "neighbourhood__name" is the neighbourhood, "trainee__phone" the phone.
    told = relations[-1] if relations and last.name in ("name", "title") else last
    if last.is_relation:
        names = next((n for n in NAMES if _has(last.related_model, n)), None)
        if names is None:
            return Out(asked, told.verbose_name)
        return Out(asked, told.verbose_name, tuple(f"{asked}__{one}" for one in names), together)
    return Out(asked, told.verbose_name, (asked,), _writer(last))


def _named(column, model_admin):
    """An Out with the heading by which a list that is put in knows it, if one does."""
    read = _read_columns(model_admin).get(model_admin.put_in_as.get(column.name, column.name))
    return replace(column, heading=read.heading) if read else column


def _read_columns(model_admin):
    """{name: Column} of the kind of list that the export can be put in as."""
    kind = imports.KINDS.get(model_admin.export_kind or model_admin.import_kind)
    return {column.name: column for column in kind.columns()} if kind else {}


def given_out(model_admin):
    """The headings of all columns that a list gives out."""
    asked = (*model_admin.exported, *model_admin.exported_more)
    return [_named(_column(model_admin, one), model_admin).heading for one in asked]


def _fields(model, path):
    """The fields along a path of stored columns; None if it is none."""
    try:
        fields = get_fields_from_path(model, path)
    except (FieldDoesNotExist, NotRelationField):
        return None
    return fields if all(one.concrete for one in fields) else None


def _has(model, names):
    return {one.name for one in model._meta.concrete_fields}.issuperset(names)


def _writer(column):
    """How the values of a database column stand in a cell."""
    if column.choices:
        labels = {value: capfirst(str(label)) for value, label in column.flatchoices}
        return lambda value: labels.get(value, value)
    return show_stored if isinstance(column, PhoneField) else None


def together(*parts):
    """Parts of a name as one text."""
    return " ".join(str(part) for part in parts if part)


# --- Reading ----------------------------------------------------------------------------------


def read(model_admin, request, rows, columns, reason=""):
    """The rows of a list (a QuerySet, in order) as lists of values for a file, one after the other.

    Looks at guarded columns are noted in the access log, with the reason.
    """
    parts = _Parts(request.user, rows.model)
    places = [parts.take(column) for column in columns]
    found = rows.prefetch_related(None).values_list(*parts.asked).iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        shown = _as_listed(model_admin, request, chunk, columns)
        _note_looks(request.user, chunk, columns, places, reason)
        for values in chunk:
            if not values[1]:
                values = parts.masked(values)
            yield [
                column.writes(*(values[place] for place in where))
                if column.writes
                else values[where[0]]
                if where
                else _text(shown.get(values[0]), column, model_admin)
                for column, where in zip(columns, places, strict=True)
            ]


class _Parts:
    """What the database is asked for each row: its key, whether it is read in clear, then all parts."""

    def __init__(self, user, model):
        self.user, self.model = user, model
        condition = in_clear(user, model)
        self.asked = ["pk", Value(True) if condition is None else condition]
        self.masks = [None, None]
        self.known = {}  # path → its place

    def take(self, column):
        """The places of a column's parts among what is asked; a path is asked once."""
        return [
            self._place(part, column.masks[number] if column.masks else None)
            for number, part in enumerate(column.of)
        ]

    def _place(self, part, mask):
        if isinstance(part, str):
            if part in self.known:
                return self.known[part]
            self.known[part] = len(self.asked)
            last = get_fields_from_path(self.model, part)[-1]
            mask = mask or _mask_of(last)
            if isinstance(last, PhoneField):  # as the text that it is: to parse it takes a while
                part = Cast(part, models.TextField())
        self.asked.append(part(self.user) if callable(part) else part)
        self.masks.append(mask)
        return len(self.asked) - 1

    def masked(self, values):
        return [
            mask(value) if mask and value else value
            for mask, value in zip(self.masks, values, strict=True)
        ]


def _mask_of(column):
    """How a column is masked for an auditor, as the admin of its table says."""
    found = admin_of(admin.site, column.model)
    return found and found.masked_columns.get(column.name)


def _as_listed(model_admin, request, chunk, columns):
    """{key: row with all that the list shows} where a column needs it."""
    if all(column.of for column in columns):
        return {}
    rows = model_admin.model._default_manager.filter(pk__in=[values[0] for values in chunk])
    rows = rows.prefetch_related(*model_admin.export_prefetch)
    return {row.pk: row for row in model_admin.shown_in_list(request, rows)}


def _text(row, asked, model_admin):
    """What the list shows in a column, as a value for a cell."""
    if row is None:  # deleted in this moment
        return None
    if asked.of_row:
        return asked.of_row(row)
    column, _attribute, value = lookup_field(asked.name, row, model_admin)
    if isinstance(value, SafeData):
        return re.sub(r"\s+", " ", html.unescape(strip_tags(value))).strip()
    if column is not None and getattr(column, "flatchoices", None):
        return capfirst(str(dict(column.flatchoices).get(value, value)))
    if isinstance(value, (models.Model, Promise)):
        return str(value)
    return value


def _note_looks(user, chunk, columns, places, reason):
    for column, where in zip(columns, places, strict=True):
        if guard := column.guard:
            key, seen, *_rest = where
            keys = {values[key] for values in chunk if values[seen]}
            log_access_to_many(
                guard.action, guard.model, keys, by=user, fields=guard.fields, reason=reason
            )
