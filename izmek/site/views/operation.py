"""Pages for monitoring and for robots."""

import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from izmek.accounts.access import public
from izmek.acts import tasks
from izmek.media.room import nearly_full
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.page import reading
from izmek.site.demo import flag

log = logging.getLogger(__name__)


PLAIN = "text/plain; charset=utf-8"
SECONDS = 2  # that the storage has for an answer


@public
@require_safe
@never_cache
def alive(request):
    """`/saglik/`: the process answers; checks nothing else."""
    return HttpResponse(_("alive") + "\n", content_type=PLAIN)


@public
@require_safe
@never_cache
def ready(request):
    """`/hazir/`: everything that pages need works; else 503 with the failed part.

    What pages can do without is only told: a site must not be taken down for it.
    """
    lines, whole = [], True
    for name, check, needed in CHECKS:
        try:
            problem = check()
        except Exception:  # any error; it goes into the log and not into the public answer
            log.exception("Not ready: %s", name)
            problem = _("does not answer; the log tells why")
        lines.append(f"{name}: {problem or _('ready')}\n")
        whole = whole and not (problem and needed)
        if problem and check is _ask_database:
            break  # the others would ask it too
    return HttpResponse("".join(lines), content_type=PLAIN, status=200 if whole else 503)


def _ask_database():
    """On a connection of its own: on an old one nobody notices that the server is frozen."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            if own.vendor == "postgresql":
                cursor.execute("SET statement_timeout = '1s'")
            cursor.execute("SELECT 1")
    finally:
        own.close()


def _ask_migrations():
    if not _migrated():
        # Check again next time: the migrations may be running.
        _migrated.cache_clear()
        return _("not all were run: manage.py migrate")


@cache
def _migrated():
    """Whether the database has all migrations of this code; cached only when true."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _ask_cache():
    """Pages are made without it, and limits count in each process."""
    shared = caches["shared" if "shared" in caches.settings else "default"]
    key, value = f"ready-{uuid.uuid4().hex}", uuid.uuid4().hex
    shared.set(key, value, 10)
    answer = shared.get(key)
    shared.delete(key)
    return "" if answer == value else _("forgets what it is given")


def _ask_workers():
    """Pages go on without them; papers, lists and sizes of photos wait."""
    if not tasks.are_put_off():
        return ""
    lives, count, oldest = tasks.standing()
    if lives and not (oldest and timezone.now() - oldest > tasks.LATE):
        return ""
    told = {"count": count, "minutes": (oldest and (timezone.now() - oldest).seconds // 60) or 0}
    if not lives:
        return _("no worker lives (manage.py db_worker); %(count)d tasks wait") % told
    return _("%(count)d tasks wait, the oldest for %(minutes)d minutes") % told


def _ask_whether_drained():
    """By the operator, before the host is restarted; it answers meanwhile as ever."""
    return _("is being taken out of service") if Path(settings.DRAIN_MARK).exists() else ""


def _ask_room():
    """Nothing is refused yet: there is time to make room."""
    free = [megabytes for _folder, megabytes in nearly_full()]
    return free and _("only %(free)d MB are free") % {"free": min(free)}


_storage = ThreadPoolExecutor(1, thread_name_prefix="storage")
_asked = []  # the question to a storage that has not answered yet


def _ask_storage():
    """A store, or a share that hangs, holds one thread of the process and no page."""
    question = _asked.pop() if _asked else _storage.submit(_write_and_read)
    try:
        return question.result(SECONDS)
    except TimeoutError:
        _asked.append(question)
        return _("has not answered for %(seconds)d seconds") % {"seconds": SECONDS}


def _write_and_read():
    name = default_storage.save(f"ready-{uuid.uuid4().hex}", ContentFile(b"ready"))
    try:
        with default_storage.open(name) as file:
            return "" if file.read() == b"ready" else _("gives back something else")
    finally:
        default_storage.delete(name)


# name, check, whether pages need it
CHECKS = (
    (gettext_lazy("database"), _ask_database, True),
    (gettext_lazy("migrations"), _ask_migrations, True),
    (gettext_lazy("storage"), _ask_storage, True),
    (gettext_lazy("cache"), _ask_cache, False),
    (gettext_lazy("workers"), _ask_workers, False),
    (gettext_lazy("room on the disk"), _ask_room, False),
    (gettext_lazy("this server"), _ask_whether_drained, True),
)


@reading
@cached(Area.COURSES)
def robots(request):
    """`/robots.txt`: all public pages except the search, and the site map; nothing with demo data."""
    closed = ["/"] if flag.is_on() else ["/yonetim/", "/hesap/", "/ara/", "/en/search/"]
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    if not flag.is_on():
        lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)
