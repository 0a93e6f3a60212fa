"""Versions of a row from django-simple-history, in words: who changed what, when, why."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils import formats, timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from izmek.text import masks

ADDED, CHANGED, DELETED = "+", "~", "-"


@dataclass
class Version:
    """One saved version of a row, and its changes from the version before: (label, old, new)."""

    pk: int
    at: datetime
    by: object
    kind: str
    reason: str
    row: object  # the historical row itself
    row_pk: object  # the key of the row that it is a version of
    restore_url: str = ""
    changes: list = field(default_factory=list)

    @property
    def what(self):
        return {ADDED: _("added"), CHANGED: _("changed"), DELETED: _("deleted")}[self.kind]


def has_history(model):
    """Whether django-simple-history tracks the model."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def history_of(model):
    """The manager of all the model's historical rows."""
    return getattr(model, model._meta.simple_history_manager_attribute)


def versions(model, *, since=None, masked=None, **lookup):
    """The versions of the rows that match the lookup, newest first, each with its changes.

    `lookup` uses the model's fields ("pk" is the row's key). `since`: only later versions.
    `masked`: {column: how it is shown}, for a reader who reads it masked. A version is compared with
    the one before it. Takes two queries, and one more for each foreign key with a change.
    """
    key = model._meta.pk.attname  # of a historical row, `pk` is the version's own key
    lookup = {key if name == "pk" else name: value for name, value in lookup.items()}
    rows = history_of(model).filter(**lookup).select_related("history_user")
    rows = list(rows.order_by("history_date", "history_id"))
    before, found = {}, []
    for row in rows:
        version = Version(
            pk=row.history_id,
            at=row.history_date,
            by=row.history_user,
            kind=row.history_type,
            reason=row.history_change_reason or "",
            row=row,
            row_pk=getattr(row, key),
        )
        old = before.get(getattr(row, key))
        if row.history_type == CHANGED and old is not None:
            # `diff_against` skips fields that are not editable: changes of state would be missing.
            version.changes = [
                (tracked, getattr(old, tracked.attname), getattr(row, tracked.attname))
                for tracked in row.tracked_fields
                if getattr(old, tracked.attname) != getattr(row, tracked.attname)
            ]
        before[getattr(row, key)] = row
        if since is None or row.history_date > since:
            found.append(version)
    found.reverse()
    _in_words(found, masked or {})
    if masked:
        for version in found:
            version.reason = masks.words(version.reason)
    return found


def _in_words(found, masked):
    """Replace fields and raw values of all changes with labels and text."""
    wanted = {}
    for version in found:
        for tracked, *values in version.changes:
            if isinstance(tracked, models.ForeignKey):
                keys = wanted.setdefault(tracked.remote_field.model, set())
                keys.update(value for value in values if value is not None)
    names = {
        model: {key: str(row) for key, row in model._base_manager.in_bulk(keys).items()}
        for model, keys in wanted.items()
    }
    for version in found:
        version.changes = [
            (tracked.verbose_name, *(_text(tracked, value, names, masked) for value in values))
            for tracked, *values in version.changes
        ]


def _text(tracked, value, names, masked):
    if value is None or value == "":
        return "–"
    if tracked.name in masked:
        return masked[tracked.name](value)
    if isinstance(tracked, models.ForeignKey):
        known = names[tracked.remote_field.model]
        return known.get(value) or _("deleted (%(key)s)") % {"key": value}
    if tracked.choices:
        return str(dict(tracked.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return Truncator(formats.localize(value)).chars(300)
