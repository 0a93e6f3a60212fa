"""The cache, which all processes share."""

import logging
import uuid

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.acts.spare import CacheWithSpare
from izmek.site.checks.check import Check, Finding

log = logging.getLogger(__name__)


def _caches():
    """Pages are made without it, and limits count in each process."""
    there = None
    for one in (caches[alias] for alias in settings.CACHES):
        if isinstance(one, CacheWithSpare):
            continue
        if isinstance(one, DatabaseCache):
            there = there or set(connection.introspection.table_names())
            if one._table not in there:
                do = f"the table {one._table} is missing; run `manage.py createcachetable`"
                yield Finding(_("does not answer; the log tells why"), do)
                continue
        key, value = f"ready-{uuid.uuid4().hex}", uuid.uuid4().hex
        try:
            one.set(key, value, 10)
            answer = one.get(key)
            one.delete(key)
        except Exception as error:  # whatever its client raises
            log.error("The cache does not answer: %s", type(error).__name__)
            said = _("does not answer; the log tells why")
            yield Finding(said, f"{type(error).__name__}; see CACHE_URL")
        else:
            if answer != value:
                yield Finding(_("forgets what it is given"))


CACHE = Check(
    gettext_lazy("cache"),
    "The cache answers",
    _caches,
    gettext_lazy(
        "It makes pages quick. Without it the site goes on, more slowly; tell whoever looks after the "
        "server in the course of the day."
    ),
    ready=True,
)
