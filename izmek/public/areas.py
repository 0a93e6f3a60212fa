"""The state of what public pages show, by area: what changed, and what will change by the clock.

A kept page (izmek/public/cache.py) is filed under the *generation* of the areas that it shows: the ids and
times of their rows of PublicChange at this moment, one question on an index.

- Whoever changes what a visitor reads adds a row in the same transaction. Apps name their tables with
  `watch()`; a signal adds the row, so that no way of saving can be forgotten, and the rows of
  `izmek.acts.bulk` count as well. From the commit on, every process sees another generation.
- Rows are only inserted. One row with a number to be raised would make every act of the town wait for
  the one before it, and two acts that raise two such numbers could wait for each other for ever.
- The highest id would not do: ids are given before the commit, so a long act commits a lower id after a
  higher one was seen. The set of all ids grows with each commit, however late.
- Old rows are deleted by a sweep, which adds a row of each area that it swept. So whatever follows it
  has an id that no generation before it had. A restored backup gives ids again, but at another time, which
  is part of the generation as well: none ever comes back.

What changes by the clock: `ends_at()` registers who knows the next moment for an area (an exhibition
becomes public, an offered seat falls free); midnight is one for all, as ages, opening days and deadlines
depend on the local date. Generation and clock together are the `standing` of areas.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from weakref import WeakKeyDictionary

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone

from izmek.acts.bulk import rows_written
from izmek.acts.follower import reading_first
from izmek.models import PublicChange
from izmek.public.enums import Area

KEPT_CHANGES = 16
EVERYTHING = frozenset(Area)
SKEW = timedelta(seconds=2)  # by which clocks may differ

_watched = defaultdict(list)  # model → its Watches
_moments = []  # (area, function)


@dataclass(frozen=True)
class Watch:
    """Which changes of a table count for which areas; see `watch`."""

    areas: tuple
    columns: frozenset | None
    when: object


def watch(models, *areas, columns=None, when=None):
    """Count every change of a row of these tables, whoever makes it, as one of the areas.

    `columns`: the only ones that the pages depend on. A new row of such a table counts for nothing:
    pages show it once a row of another watched table points to it. `when(row)`: whether a row that
    was saved or deleted counts at all. A table may be watched several times.
    """
    for model in models:
        _watched[model].append(Watch(areas, columns and frozenset(columns), when))
        for signal in (pre_save, post_save, post_delete):
            signal.connect(_row_changed, sender=model, dispatch_uid="izmek.public.areas.row")
        for field in model._meta.many_to_many if columns is None else ():
            through = field.remote_field.through
            _watched[through].append(Watch(areas, None, None))
            m2m_changed.connect(_row_changed, sender=through, dispatch_uid="izmek.public.areas.row")


def watching(model):
    """The areas that a change of this table may count for; for tests."""
    return {area for each in _watched[model] for area in each.areas}


def ends_at(*areas):
    """Register a function of the present moment: the next one at which these areas change, or None."""

    def register(next_moment):
        _moments.extend((area, next_moment) for area in areas)
        return next_moment

    return register


@receiver(rows_written, dispatch_uid="izmek.public.areas.rows_written")
def _rows_written(sender, fields, **kwargs):
    """One change for all rows that were written past `save()`, if the public reads these columns."""
    _note(
        each
        for each in _watched.get(sender, ())
        if each.columns is None or not each.columns.isdisjoint(fields)
    )


def _row_changed(sender, instance, signal, action="post", **kwargs):
    if not action.startswith("post"):
        return
    _note(
        each
        for each in _watched[sender]
        # What a save changes is seen before it, whether it counts only after it.
        if (signal is pre_save) == (each.columns is not None) or signal is post_delete
        if each.when is None or each.when(instance)
        if signal is not pre_save or _differs(instance, each.columns)
    )


def _differs(row, columns):
    """Whether a row that is about to be saved changes one of the columns; not if it is new."""
    names = [type(row)._meta.get_field(column).attname for column in columns]
    before = type(row)._base_manager.filter(pk=row.pk).values(*names).first()
    return before is not None and any(getattr(row, name) != before[name] for name in names)


def _note(watches):
    areas = {area for each in watches for area in each.areas}
    if areas:
        note_change(*areas)


def note_change(*areas):
    """From the commit of this transaction on, pages of these areas (all) that were kept before are over."""
    rows = [PublicChange(area=area) for area in sorted(areas or Area)]
    rows = PublicChange.objects.bulk_create(rows)
    if any(row.pk % KEPT_CHANGES == 0 for row in rows):
        # After the commit, when nothing else is locked: two big acts that forget the same rows inside
        # their transactions could wait for each other.
        transaction.on_commit(lambda: _forget_changes(before=rows), robust=True)


@transaction.atomic
def _forget_changes(*, before):
    """Delete the changes that no page is filed under any more, and add one of each area in their place."""
    oldest, areas = before[0].pk - KEPT_CHANGES, [row.area for row in before]
    PublicChange.objects.filter(area__in=areas, pk__lt=oldest).delete()
    PublicChange.objects.bulk_create([PublicChange(area=area) for area in areas])


def generation(areas=EVERYTHING):
    """What tells this state of the areas from every earlier one. One question to the database.

    It is the first question of most requests, so it is itself the look whether the connection still
    lives, for which Django would ask another.
    """
    connection.health_check_done = True
    try:
        found = _ask(_prepared, areas)
    except (DatabaseError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return _ask(_question, areas)
    if _prepares():
        _known().add(areas)
    return found


def is_shown_by(areas, server):
    """Whether a server that follows (izmek/acts/follower.py) shows the state that standing(areas) told.

    Then it has all that was committed with each of its changes. One that follows nobody shows none.
    """
    return _ask(_question_of_follower, areas, server) == _standing[areas].state


def _ask(words, areas, server=connection):
    with server.cursor() as cursor:
        cursor.execute(words(areas))
        return tuple(sorted(cursor.fetchall()))


@lru_cache
def _question_of_follower(areas):
    return f"{_question(areas)} AND pg_is_in_recovery()"


@lru_cache
def _question(areas):
    """The areas are words of ours: written out, they cost the driver nothing at each request."""
    table = connection.ops.quote_name(PublicChange._meta.db_table)
    places = ", ".join(f"'{area}'" for area in sorted(areas))
    return f"SELECT id, CAST(at AS text) FROM {table} WHERE area IN ({places})"  # noqa: S608


_knows = WeakKeyDictionary()


def _known():
    """The areas whose question the server of this connection knows."""
    return _knows.setdefault(connection.connection, set())


def _prepares():
    """Whether there is a server that remembers a question.

    Not behind a pooler that gives each transaction another server, which Django's own setting names.
    """
    pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    return connection.vendor == "postgresql" and not pooled


def _prepared(areas):
    """The question as a prepared statement: PostgreSQL takes twice as long to plan it as to answer it."""
    if not _prepares():
        return _question(areas)
    statement = f"public_change_{'_'.join(sorted(areas))}"
    if areas in _known():
        return f"EXECUTE {statement}"
    return f"PREPARE {statement} AS {_question(areas)}; EXECUTE {statement}"


def standing(areas):
    """A word that tells this state of the areas, at this moment, from all others. One question, as a rule.

    What changed by the clock within SKEW counts as changing still: the database's clock and that of
    another host need not agree with ours to the millisecond, and what one of them made a moment too
    early is made anew when they all have passed it.
    """
    state, now = generation(areas), timezone.now()
    known = _standing.get(areas)
    if known is None or known.state != state or not known.begins <= now < known.ends:
        known = _standing[areas] = _Standing(areas, state, now)
    return known.word


_standing = {}  # areas → the last one


class _Standing:
    """Of some areas in a state, from a moment on until the clock changes it."""

    def __init__(self, areas, state, now):
        settled = timezone.localtime(now - SKEW)
        midnight = datetime.combine(settled.date() + timedelta(days=1), time.min, settled.tzinfo)
        asks = {ask for area, ask in _moments if area in areas}
        with reading_first():
            moments = {midnight, *(moment for ask in asks if (moment := ask(settled)))}
        changes = {change for moment in moments for change in (moment, moment + SKEW)}
        self.state, self.begins, self.ends = state, now, min(at for at in changes if at > now)
        what = state, sorted((moment.isoformat(), moment <= now) for moment in moments)
        self.word = hashlib.sha256(repr(what).encode()).hexdigest()


def forget():
    """What this process remembers of a database that is not there any more; for tests."""
    _standing.clear()
