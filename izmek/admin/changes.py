"""Recent changes: who changed what on a day, in all tables that the user may see (django-simple-history).

A page is read in three queries, however many tables it tells of: the keys of its versions; these with those
before them; the names of users and of the rows to which changed columns point.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from izmek.acts.prepared import prepared
from izmek.admin.attention import may_open
from izmek.admin.masking import reads_masked
from izmek.admin.scope import admin_of, visible
from izmek.admin.together import number, together
from izmek.admin.versions import (
    DELETED,
    has_history,
    history_of,
    insides,
    keys_of,
    name_of,
    read_versions,
)
from izmek.privacy.record import masks_of
from izmek.text.languages import capital

PAGE = 40  # changes on a page
COUNTED = 1_000  # changes of a table and a day that are counted; of more the newest


@dataclass
class Change:
    """A Version with its table, the name of its row and where the row is shown ("" if nowhere any more)."""

    version: object
    table: str
    name: str
    url: str


class Changes:
    """The changes of one day that the user may see."""

    def __init__(self, user, day):
        self.user = user
        begin = timezone.make_aware(datetime.combine(day, time.min))
        self.period = (
            begin,
            timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)),
        )
        self.models = tracked_models(user)
        self.masked = reads_masked(user)

    def counts(self):
        """[(user id or None, model, how many)] of the day, in one query; up to COUNTED for each table."""
        begin, end = self.period
        rows = _counted(user=self.user, models=tuple(self.models), begin=begin, end=end)
        return [
            (row["change_by"], self.models[row["change_table"]], row["changes"]) for row in rows
        ]

    def page(self, *, who=None, model=None, after=None):
        """(the Changes of a page, newest first; the mark of the last one, or None if there are no more).

        `who`: the id of a user; 0 for the system. `after`: the mark of the last change seen.
        """
        asked = {place: of for place, of in enumerate(self.models) if model in (None, of)}
        if not asked:
            return [], None
        begin, end = self.period
        at, table, key = after or (None, None, None)
        marks = {"at": at, "key": key} if after else {}
        marks |= {"who": who} if who else {}
        found = _found(
            user=self.user,
            asked=tuple(asked.items()),
            by_nobody=who == 0,
            table=table,
            begin=begin,
            end=end,
            **marks,
        )
        found, more = found[:PAGE], len(found) > PAGE
        return self._read(found), _mark(found[-1]) if more else None

    # --- The versions of a page ---------------------------------------------------------------

    def _read(self, found):
        keys = {}
        for row in found:
            keys.setdefault(self.models[row["change_table"]], []).append(row["change_key"])
        versions = read_versions(keys, self._masks)
        return [
            self._change(versions[self.models[row["change_table"]], row["change_key"]])
            for row in found
        ]

    def _masks(self, model):
        """How the columns of a table are shown to who reads it masked; None for who does not."""
        return masks_of(model) if self.masked else None

    def _change(self, version):
        model, name, url = version.model, version.name, ""
        if admin_of(admin.site, model) and version.row.alive and version.kind != DELETED:
            url = _history_page(model, version.instance.pk)
        for inside in insides().get(model, ()):
            parent = version.instance._state.fields_cache.get(inside.path)
            if parent is not None:
                told = name_of(parent)
                name = name if told in name else f"{name} – {told}"
                url = url or _history_page(type(parent), parent.pk)
                break
        return Change(version, capital(str(model._meta.verbose_name)), name, url)


@prepared(by=("user", "models"), kept=8)
def _counted(user, models, begin, end):
    """See `Changes.counts`."""
    return together(
        _newest(_rows(model, user, begin, end), COUNTED, "-history_date")
        .values(change_table=number(place), change_by=F("history_user"))
        .annotate(changes=Count("history_id"))
        for place, model in enumerate(models)
    )


@prepared(by=("user", "asked", "by_nobody", "table"), kept=16)
def _found(user, asked, by_nobody, table, begin, end, who=None, at=None, key=None):
    """The keys of the versions of a page; `asked`: ((place of the table, model), …); see `Changes.page`."""
    parts = []
    for place, model in asked:
        rows = _rows(model, user, begin, end)
        if by_nobody:
            rows = rows.filter(history_user=None)
        if who is not None:
            rows = rows.filter(history_user=who)
        if table is not None:
            rows = rows.filter(_after((at, table, key), place))
        parts.append(keys_of(place, _newest(rows, PAGE + 1, "-history_date", "-history_id")))
    return together(parts).order_by("-change_at", "change_table", "-change_key")[: PAGE + 1]


def _rows(model, user, begin, end):
    """The versions of rows that the user sees; of deleted ones where they see the whole table."""
    rows = history_of(model).filter(history_date__gte=begin, history_date__lt=end)
    seen = visible(model, user)
    if seen.query.where:
        rows = rows.filter(**{f"{model._meta.pk.attname}__in": seen.values("pk")})
    return rows


def tracked_models(user):
    """The tables with a history that the user may open, in a fixed order."""
    models = (model for model in apps.get_models() if has_history(model) and may_open(user, model))
    return sorted(models, key=lambda model: model._meta.label_lower)


def _newest(rows, most, *order):
    """The newest of a table's versions, as rows that may be a part of a larger query."""
    newest = rows.order_by(*order).values("history_id")[:most]
    return rows.model.objects.filter(history_id__in=newest).order_by()


def _after(mark, place):
    """The condition on a table's versions that come after the mark on the pages."""
    at, table, key = mark
    if place < table:
        return Q(history_date__lt=at)
    if place > table:
        return Q(history_date__lte=at)
    return Q(history_date__lt=at) | Q(history_date=at, history_id__lt=key)


def _mark(row):
    return f"{timezone.localtime(row['change_at']).isoformat()}~{row['change_table']}~{row['change_key']}"


def read_mark(text, period):
    """The mark of an address as (moment, table, key), or None if it is none within the period."""
    moment, _tilde, rest = text.partition("~")
    table, _tilde, key = rest.partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or timezone.is_naive(at) or not (table.isdecimal() and key.isdecimal()):
        return None
    if not period[0] <= at < period[1]:
        return None
    return (at, int(table[:4]), int(key[:18]))


def _history_page(model, key):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[key])


def summary(counts, users):
    """[(who, how many, [(table, how many)])] of `Changes.counts`, who changed most first.

    `users`: {id: User}; None stands for the system.
    """
    totals, tables = Counter(), {}
    for who, model, changes in counts:
        totals[who] += changes
        tables.setdefault(who, Counter())[capital(str(model._meta.verbose_name))] += changes
    return [
        (users.get(who), count, tables[who].most_common()) for who, count in totals.most_common()
    ]


def is_more(counts):
    """Whether a table has more changes than were counted."""
    tables = Counter()
    for _who, model, changes in counts:
        tables[model] += changes
    return any(count >= COUNTED for count in tables.values())
