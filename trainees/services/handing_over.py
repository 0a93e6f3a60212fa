"""Everything on record about a person, to be handed over (law 6698, article 11; DOMAIN.md §5).

Which tables and columns, the record of processing says (`handed_over`); former values are in it, and who
looked at the data. Apps above add files, such as photos, by `hand_over_files`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.core.files.storage import default_storage
from django.db import models
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from izmek.acts.enums import PROTECTED
from izmek.models import AccessLog
from izmek.privacy import record
from izmek.secrets.encryption import Unreadable
from izmek.text.phones import Phone, PhoneField, show
from trainees.services.erasure import keys_of
from trainees.services.known_by_contact import has_no_record, rows_about

FORMER = 50  # versions of a row that are told
_files = []  # functions of apps above: person → [(name in the ZIP, path in the storage)]


def hand_over_files(give):
    """Register files that an app above hands over: `give(person)` gives [(name, path in the storage)]."""
    _files.append(give)
    return give


@dataclass(frozen=True)
class Value:
    """A column of a row: its name, what a machine reads, and what people read."""

    name: str
    label: str
    value: object
    words: str


@dataclass(frozen=True)
class HandedRow:
    """A row about the person. `former`: [(when, [Value])], what was changed, as it stood before."""

    title: str
    values: list
    former: list


@dataclass(frozen=True)
class HandedTable:
    """A table: its name, why we have it and for how long, and the rows about the person."""

    name: str
    label: str
    purposes: list
    kept: list
    rows: list


def everything_about(person):
    """[HandedTable] of a Trainee, a Teacher, or somebody without a record (known_by_contact.py)."""
    found = [table for rows in _rows(person) if (table := _table(rows))]
    return [*found, *_looks(person)]


def files_about(person):
    """[(name, bytes)] of the files that belong to a person; what is missing in the storage is left out."""
    for give in () if has_no_record(person) else _files:
        for name, path in give(person):
            try:
                with default_storage.open(path) as file:
                    yield name, file.read()
            except FileNotFoundError:
                continue


def _rows(person):
    """A QuerySet for each table with rows about the person; first their own."""
    if has_no_record(person):
        return rows_about(person)
    first = [record.of(type(person))]
    others = [one for one in record.about(type(person)) if one not in first]
    return [one.rows_of(type(person), keys_of(person)) for one in (*first, *reversed(others))]


def _table(rows):
    declaration = record.of(rows.model)
    given = {name: one for name, one in declaration.personal.items() if one.handed_over}
    if not given or declaration.model is AccessLog:
        return None
    rows = [_row(row, given) for row in rows.order_by("pk")]
    if not rows:
        return None
    opts = declaration.model._meta
    return HandedTable(
        name=opts.label,
        label=capfirst(str(opts.verbose_name_plural if len(rows) > 1 else opts.verbose_name)),
        purposes=list(dict.fromkeys(str(one.purpose.words) for one in given.values())),
        kept=list(
            dict.fromkeys(
                f"{one.period.words}: {one.period.told} {one.period.counted_from}"
                for one in given.values()
            )
        ),
        rows=rows,
    )


def _row(row, given):
    values = [_value(row, name) for name in given]
    former = []
    if history := getattr(row, "history", None):
        versions = list(history.order_by("-history_date", "-history_id")[: FORMER + 1])
        for newer, older in pairwise(versions):
            changed = [
                _value(older, name)
                for name in given
                if hasattr(older, _attribute(row, name))
                and getattr(newer, _attribute(row, name)) != getattr(older, _attribute(row, name))
            ]
            if changed:
                former.append((newer.history_date, changed))
    return HandedRow(str(row), [one for one in values if one.words], former)


def _attribute(row, name):
    return row._meta.get_field(name).attname


def _value(row, name):
    column = row._meta.get_field(name)
    try:
        value = getattr(row, column.attname)
    except Unreadable:
        value = None
    return Value(
        name, capfirst(str(column.verbose_name)), _plain(value), _words(row, column, value)
    )


def _plain(value):
    """What JSON holds."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, Phone):
        return value.as_e164
    return str(value)


def _words(row, column, value):
    """What people read; "" for nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if column.is_relation:
        related = column.related_model._base_manager.filter(pk=value).first()
        return str(related or "")
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column, PhoneField):
        return show(value)
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(
        value, dict
    ):  # what a certificate says: its lines, with days as people write them
        return " · ".join(_line(one) for one in value.values() if one)
    if column.model is AccessLog and column.name == "fields":
        return str(PROTECTED.get(value, value))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(column, models.DecimalField | models.FloatField):
        return formats.localize(value)
    return str(value)


def _line(value):
    try:
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    except (TypeError, ValueError):
        return str(value)


def _looks(person):
    """Who looked at the data: the act, the data and when; the name of the clerk is theirs."""
    rows = AccessLog.objects.about_people(type(person), keys_of(person)).order_by("at", "pk")
    found = [
        HandedRow("", [_value(row, name) for name in ("at", "action", "fields")], [])
        for row in rows.iterator()
    ]
    if not found:
        return []
    declaration = record.of(AccessLog)
    one = declaration.personal["action"]
    return [
        HandedTable(
            name=AccessLog._meta.label,
            label=_("Who looked at the data, or gave them out"),
            purposes=[str(one.purpose.words)],
            kept=[f"{one.period.words}: {one.period.told} {one.period.counted_from}"],
            rows=found,
        )
    ]
