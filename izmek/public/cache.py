"""Public pages kept in the cache that all processes share, and never stale (DESIGN.md §6).

A page is filed under the generation of the public content: what the table of PublicChange holds at
this moment. Whoever changes what a visitor reads adds a row in the same transaction – apps name
their tables with `watch()`, and the rows of `izmek.acts.bulk` count as well – so that from its commit on
every process looks under another key. What changes by the clock alone ends a kept page as well:
the local date is part of the key (an exhibition closes, a trainee turns 18), and a page is kept no
longer than to the next moment that `ends_at()` names (an exhibition becomes public).
"""

import hashlib
import re
from datetime import timedelta
from functools import cache as once
from functools import lru_cache, wraps

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpResponse
from django.utils import timezone

from izmek.acts.bulk import rows_written
from izmek.models import PublicChange

LONGEST = timedelta(hours=6)
KEPT_CHANGES = 64
HEADERS = ("Content-Type", "Content-Disposition")
NUMBER_ALONE = re.compile(r"((sayfa|p)=\d{1,4})?")

_watched = {}  # model → the columns that public pages depend on; None: all of them
_moments = []


def watch(*models, columns=None):
    """Count every change of a row of these tables, whoever makes it, as one of the public content.

    `columns`: the only ones that public pages depend on. A new row of such a table counts for nothing:
    pages show it once a row of another watched table points to it.
    """
    for model in models:
        _watched[model] = columns and frozenset(columns)
        signals = (post_save, post_delete) if columns is None else (pre_save, post_delete)
        for signal in signals:
            signal.connect(_row_changed, sender=model, dispatch_uid="izmek.public.cache.row")
        for field in model._meta.many_to_many:
            through = field.remote_field.through
            m2m_changed.connect(_row_changed, sender=through, dispatch_uid="izmek.public.cache.row")


def ends_at(next_moment):
    """Register a function that gives the next moment at which public pages change by the clock."""
    _moments.append(next_moment)
    return next_moment


@receiver(rows_written, dispatch_uid="izmek.public.cache.rows_written")
def _rows_written(sender, fields, **kwargs):
    """One change for all rows that were written past `save()`, if the public reads these columns."""
    columns = _watched.get(sender, frozenset())
    if columns is None or not columns.isdisjoint(fields):
        note_change()


def _row_changed(sender, instance, action="post", **kwargs):
    columns = _watched.get(sender)
    if action.startswith("post") and (columns is None or _differs(instance, columns, **kwargs)):
        note_change()


def _differs(row, columns, signal, **kwargs):
    """Whether a row that is about to be saved, or was deleted, changes one of the columns."""
    if signal is post_delete:
        return True
    before = type(row)._base_manager.filter(pk=row.pk).values(*columns).first()
    return before is not None and any(getattr(row, name) != before[name] for name in columns)


def note_change():
    """From the commit of this transaction on, no page is answered that was kept before it."""
    change = PublicChange.objects.create()
    if change.pk % KEPT_CHANGES == 0:
        # After the commit, when nothing else is locked: two big acts that forget the same rows inside
        # their transactions could wait for each other.
        transaction.on_commit(lambda: _forget_changes(before=change.pk), robust=True)


def _forget_changes(*, before):
    """Delete the changes that no page is filed under any more."""
    PublicChange.objects.filter(pk__lt=before - KEPT_CHANGES).delete()


def generation():
    """What tells this state of the public content from every earlier one, as text.

    Ids are given once, and those that go are older than any that comes late: a set of them with the
    same count, maximum and sum is the same set.
    """
    state = PublicChange.objects.aggregate(Count("pk"), Max("pk"), Sum("pk"))
    return "-".join(str(number or 0) for number in state.values())


def cached(view):
    """Keep the pages of a reading view, under `@reading`. Those with a query are made each time.

    Only a page's number is common enough to keep. While developing (DEBUG) nothing is kept: templates and
    code change.
    """

    @wraps(view)
    def page(request, *args, **kwargs):
        query = request.META.get("QUERY_STRING", "")
        if settings.DEBUG or not NUMBER_ALONE.fullmatch(query):
            return view(request, *args, **kwargs)
        now, state = timezone.now(), generation()
        where = (request.scheme, request.get_host(), request.path, query)
        key = _filed_under(where, state)
        kept = cache.get(key)
        if kept is not None:
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not response.streaming:
            headers = {name: response[name] for name in HEADERS if name in response}
            cache.set(key, (response.content, headers), _seconds_from(now, state))
        return response

    return page


def once_for_now(name, make):
    """What `make()` gives, made once for this state of the public content; not while developing."""
    if settings.DEBUG:
        return make()
    now, state = timezone.now(), generation()
    key = _filed_under(name, state)
    kept = cache.get(key)
    if kept is None:
        kept = make()
        cache.set(key, kept, _seconds_from(now, state))
    return kept


def _filed_under(what, state):
    when = (timezone.localdate().isoformat(), state, release())
    return f"public:{hashlib.sha256(repr((what, when)).encode()).hexdigest()}"


def _seconds_from(now, state):
    """How long a page of this state of the content may be kept."""
    moments = _next_moments(state)
    if any(moment <= now for moment in moments):
        _next_moments.cache_clear()
        moments = _next_moments(state)
    return int((min([now + LONGEST, *moments]) - now).total_seconds())


@lru_cache(maxsize=1)
def _next_moments(state):
    """What comes by the clock; asked once for a state, because only a change brings another."""
    return [moment for moment in (ask() for ask in _moments) if moment]


@once
def release():
    """Tells this release from others. Part of every key, so an update empties the cache."""
    names = {
        app.name.partition(".")[0] for app in apps.get_app_configs()
    }  # installed ones have no folder here
    files = (
        file
        for folder in names | {"templates", "locale", "static"}
        for file in (settings.BASE_DIR / folder).rglob("*.*")
        if file.suffix != ".pyc"
    )
    seen = sorted((str(file), file.stat().st_mtime_ns) for file in files if file.is_file())
    return hashlib.sha256(repr(seen).encode()).hexdigest()
