"""Pages for monitoring and for robots."""

import logging
import uuid
from functools import cache

from django.core.cache import cache as shared_cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from izmek.accounts.access import public
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.page import reading
from izmek.site.demo import flag

log = logging.getLogger(__name__)


PLAIN = "text/plain; charset=utf-8"


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
    """`/hazir/`: everything that pages need works; else 503 with the failed part."""
    lines, whole, fine = [], True, _("ready")
    for name, check in (
        (_("database"), _ask_database),
        (_("migrations"), _ask_migrations),
        (_("cache"), _ask_cache),
        (_("storage"), _ask_storage),
    ):
        try:
            problem = check()
        except Exception:  # any error; it goes into the log and not into the public answer
            log.exception("Not ready: %s", name)
            problem = _("does not answer; the log tells why")
        whole = whole and not problem
        lines.append(f"{name}: {problem or fine}\n")
    return HttpResponse("".join(lines), content_type=PLAIN, status=200 if whole else 503)


def _ask_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


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
    key, value = f"ready-{uuid.uuid4().hex}", uuid.uuid4().hex
    shared_cache.set(key, value, 10)
    answer = shared_cache.get(key)
    shared_cache.delete(key)
    return "" if answer == value else _("forgets what it is given")


def _ask_storage():
    name = default_storage.save(f"ready-{uuid.uuid4().hex}", ContentFile(b"ready"))
    try:
        with default_storage.open(name) as file:
            return "" if file.read() == b"ready" else _("gives back something else")
    finally:
        default_storage.delete(name)


@reading
@cached(Area.COURSES)
def robots(request):
    """`/robots.txt`: all public pages except the search, and the site map; nothing with demo data."""
    closed = ["/"] if flag.is_on() else ["/yonetim/", "/hesap/", "/ara/", "/en/search/"]
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    if not flag.is_on():
        lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)
