"""The cache that all processes share, and a small one of each process for while that one is away.

Nothing in a cache is needed (DESIGN.md §6): when the shared one is refused, frozen or without its table,
its errors end here. The spare one answers, and for REST seconds nobody asks the shared one, so that one
which never answers costs a process one timeout now and then instead of one for each page. Public pages are
made anew meanwhile, and limits count in each process alone, to fewer (izmek/accounts/limits.py).

In the settings `default` is this backend, and its LOCATION is the alias of the shared cache.
"""

import logging
import time
from contextlib import nullcontext

from django.core.cache import cache, caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import Error as DatabaseError
from django.db import connections, router, transaction

REST = 8  # seconds for which a cache that failed is not asked
ROOM = 10_000  # entries of the spare one: a stranger must not push out what is counted
ANSWERED = ("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many")
ANSWERED += ("has_key", "incr", "clear")

log = logging.getLogger(__name__)
_failed_at = {}  # alias of a shared cache → when it last failed; for all threads of this process


def is_away():
    """Whether the shared cache has failed just now, so that this process is on its own."""
    return getattr(cache, "is_away", False)


class CacheWithSpare(BaseCache):
    """A cache without errors of its server; see the module."""

    def __init__(self, alias, params):
        super().__init__(params)
        self.alias = alias
        options = {"OPTIONS": {"MAX_ENTRIES": ROOM}}
        self.spare = LocMemCache(f"spare of {alias}", {**params, **options})

    @property
    def is_away(self):
        failed_at = _failed_at.get(self.alias)
        return failed_at is not None and time.monotonic() < failed_at + REST

    def _answer(self, name, *args, **kwargs):
        if not self.is_away:
            shared = caches[self.alias]
            try:
                with _savepoint(shared):
                    answer = getattr(shared, name)(*args, **kwargs)
            except Exception as error:
                if not _is_fault(error):
                    raise
                # Before others hear of it, and ask the cache.
                _failed_at[self.alias] = time.monotonic()
                log.error("The cache does not answer: %s", type(error).__name__)
            else:
                _failed_at.pop(self.alias, None)
                return answer
        return getattr(self.spare, name)(*args, **kwargs)


def _answered(name):
    def method(self, *args, **kwargs):
        return self._answer(name, *args, **kwargs)

    return method


for _name in ANSWERED:
    setattr(CacheWithSpare, _name, _answered(_name))


def _is_fault(error):
    """Whether it is the server's. Redis's errors share no class with others, and importing them costs."""
    if isinstance(error, transaction.TransactionManagementError):
        return False
    is_redis = any(each.__module__ == "redis.exceptions" for each in type(error).__mro__)
    return is_redis or isinstance(error, (DatabaseError, OSError))


def _savepoint(shared):
    """So that an error in the table of the cache does not end the transaction around it."""
    if isinstance(shared, BaseDatabaseCache):
        using = router.db_for_write(shared.cache_model_class)
        if connections[using].in_atomic_block:
            return transaction.atomic(using=using)
    return nullcontext()
