"""Versions of rows from django-simple-history, in words: who changed what, when, why.

They are read by their keys, with those before them, however many tables they are of: two queries.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.contrib import admin
from django.db import models
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import formats, timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from izmek.admin.masking import mask
from izmek.admin.scope import admin_of
from izmek.admin.together import number, read_together, together
from izmek.models import User
from izmek.text import masks, phones

ADDED, CHANGED, DELETED = "+", "~", "-"


@dataclass
class Version:
    """One saved version of a row, and its changes from the version before: (label, old, new)."""

    row: object  # the historical row itself
    instance: object  # the row as it was then, with the rows to which it pointed
    newest: object  # the last historical row of the same row
    changes: list = field(default_factory=list)
    by: object = None
    of: str = ""  # which other row, where a history tells of several
    restore_url: str = ""

    @property
    def pk(self):
        return self.row.history_id

    @property
    def at(self):
        return self.row.history_date

    @property
    def kind(self):
        return self.row.history_type

    @property
    def reason(self):
        return self.row.history_change_reason or ""

    @property
    def model(self):
        return self.row.instance_type

    @property
    def what(self):
        return {ADDED: _("added"), CHANGED: _("changed"), DELETED: _("deleted")}[self.kind]

    @property
    def name(self):
        return name_of(self.instance)


@dataclass(frozen=True)
class Inside:
    """Where rows that have no page of their own are shown: on the page of the row to which `path` leads."""

    path: str
    parent: object  # ModelAdmin


def has_history(model):
    """Whether django-simple-history tracks the model."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def history_of(model):
    """The manager of all the model's historical rows."""
    return getattr(model, model._meta.simple_history_manager_attribute)


def rows_in_history(model, **lookup):
    """The historical rows of a model that match the lookup; `pk` in it is the row's own key."""
    key = model._meta.pk.attname
    lookup = {key if name == "pk" else name: value for name, value in lookup.items()}
    return history_of(model).filter(**lookup)


def keys_of(place, rows):
    """The keys of historical rows, to be read `together` with those of other tables."""
    return rows.order_by().values(
        change_table=number(place), change_at=F("history_date"), change_key=F("history_id")
    )


def keys_with_those_around(place, rows):
    """`keys_of` few versions, each with the keys of the one before it and of the last of its row."""
    return keys_of(place, rows).annotate(**_around(rows.model.instance_type))


def read_versions(keys, masks_of=lambda model: None, around=()):
    """{(model, key): Version} of the versions with these keys, {model: [history_id]}.

    `masks_of(model)`: {column: how it is shown} for a reader who reads the model's rows masked, else None.
    `around`: (model, key before, key of the last) of each, where they were read with the keys.
    """
    keys = {model: set(wanted) for model, wanted in keys.items() if wanted}
    read = _with_those_around(keys, around or _those_around(keys)) if keys else {}
    parts = [(_versions(model, read[model]), paths_of(model)) for model in keys]
    found = {}
    for (model, wanted), rows in zip(
        keys.items(), read_together(parts, also=("alive",)) if parts else (), strict=True
    ):
        for version in _compared(model, rows):
            if version.pk in wanted:
                found[model, version.pk] = version
    _in_words(found.values(), masks_of)
    return found


def _with_those_around(keys, around):
    """{model: the keys of these versions, of the one before each, and of the last of each row}."""
    found = {model: set(wanted) for model, wanted in keys.items()}
    for model, *others in around:
        found[model].update(key for key in others if key is not None)
    return found


def _those_around(keys):
    """(model, key before, key of the last) of each version.

    By a query of their own: given as numbers, they are found by an index before they are joined with all
    that their names need.
    """
    models = list(keys)
    parts = [
        history_of(model)
        .filter(history_id__in=keys[model])
        .order_by()
        .annotate(change_table=number(place), **_around(model))
        .values_list("change_table", "before", "last")
        for place, model in enumerate(models)
    ]
    return [(models[place], *others) for place, *others in together(parts)]


def _around(model):
    """Annotations of historical rows: the key of the version `before`, and of the `last` one of the row."""
    key = model._meta.pk.attname
    of_row = history_of(model).filter(**{key: OuterRef(key)}).order_by("-history_id")
    of_row = of_row.values("history_id")
    before = of_row.filter(history_id__lt=OuterRef("history_id"))
    return {"before": Subquery(before[:1]), "last": Subquery(of_row[:1])}


def _versions(model, keys):
    """The versions with these keys; `alive`: whether their row still is."""
    alive = Exists(model._base_manager.filter(pk=OuterRef(model._meta.pk.attname)))
    return history_of(model).filter(history_id__in=keys).annotate(alive=alive)


def _compared(model, rows):
    """The Versions of historical rows; their changes from the row before are still raw."""
    key, before, found, newest = model._meta.pk.attname, {}, [], {}
    for row in sorted(rows, key=lambda row: row.history_id):
        row_pk = getattr(row, key)
        version = Version(row, _instance(row), newest=None)
        older = before.get(row_pk)
        if version.kind == CHANGED and older is not None:
            # `diff_against` skips fields that are not editable: changes of state would be missing.
            version.changes = [
                (tracked, getattr(older, tracked.attname), getattr(row, tracked.attname))
                for tracked in row.tracked_fields
                if getattr(older, tracked.attname) != getattr(row, tracked.attname)
            ]
        before[row_pk] = newest[row_pk] = row
        found.append(version)
    for version in found:
        version.newest = newest[getattr(version.row, key)]
    return found


def _instance(row):
    """The row as it was, with the rows to which it pointed, as far as they were read with it.

    `row.instance` would ask a query for the columns that have no history.
    """
    fields = row.tracked_fields
    instance = row.instance_type(**{field.attname: getattr(row, field.attname) for field in fields})
    for tracked in fields:
        if related := row._state.fields_cache.get(tracked.name):
            setattr(instance, tracked.name, related)
    return instance


def name_of(row, named=str):
    """The name of a row as it was; what it pointed to may not exist any more."""
    try:
        return named(row)
    except Exception:  # a __str__ that follows a foreign key to a deleted row
        return "–"


# --- Names of rows ----------------------------------------------------------------------------


@cache
def insides():
    """{model: [Inside]}: where the rows of tables are shown as rows of another one's page."""
    found = {}
    for parent in admin.site._registry.values():
        for inline in parent.inlines:
            fields = inline.model._meta.fields
            path = getattr(inline, "fk_name", None) or next(
                (f.name for f in fields if f.is_relation and f.related_model is parent.model), None
            )
            if path:
                found.setdefault(inline.model, []).append(Inside(path, parent))
    return found


def paths_of(model):
    """Over which relations the name of a row goes, and that of the row on whose page it stands."""
    found = name_paths(model)
    for inside in insides().get(model, ()):
        found.append(inside.path)
        found += [f"{inside.path}__{path}" for path in name_paths(inside.parent.model)]
    return found


def name_paths(model):
    """The relations, as paths, over which the name of a row goes: what the model's list selects.

    A table without a list is named by its own columns and by what these point to.
    """
    found = admin_of(admin.site, model)
    listed = found.list_select_related if found else ()
    if not listed or isinstance(listed, bool):
        listed = [field.name for field in model._meta.fields if field.is_relation]
    own = {field.name for field in model._meta.fields}
    return [path for path in listed if path.partition("__")[0] in own]


# --- Words ------------------------------------------------------------------------------------


def _in_words(found, masks_of):
    """Replace raw values with labels and text, and the keys of users with them; one query."""
    wanted = {User: {version.row.history_user_id for version in found} - {None}}
    for version in found:
        for tracked, *values in version.changes:
            if isinstance(tracked, models.ForeignKey):
                keys = wanted.setdefault(tracked.remote_field.model, set())
                keys.update(value for value in values if value is not None)
    wanted = {model: keys for model, keys in wanted.items() if keys}
    parts = [
        (model._base_manager.filter(pk__in=keys), () if model is User else name_paths(model))
        for model, keys in wanted.items()
    ]
    named = {
        model: {row.pk: row for row in rows}
        for model, rows in zip(wanted, read_together(parts) if parts else (), strict=True)
    }
    for version in found:
        version.by = named.get(User, {}).get(version.row.history_user_id)
        columns = masks_of(version.model)
        if columns is not None:
            version.row.history_change_reason = masks.words(version.reason)
            mask(version.instance, columns)
        version.changes = [
            (
                tracked.verbose_name,
                *(_text(tracked, value, named, columns or {}) for value in values),
            )
            for tracked, *values in version.changes
        ]


def _text(tracked, value, named, masked):
    if value is None or value == "":
        return "–"
    if tracked.name in masked:
        return masked[tracked.name](value)
    if isinstance(tracked, models.ForeignKey):
        known = named[tracked.remote_field.model].get(value)
        return name_of(known) if known else _("deleted (%(key)s)") % {"key": value}
    if tracked.choices:
        return str(dict(tracked.flatchoices).get(value, value))
    if isinstance(value, PhoneNumber):
        return phones.show(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return Truncator(formats.localize(value)).chars(300)
