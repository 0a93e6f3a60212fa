"""Reading from a PostgreSQL that follows the first one, where one is named (DATABASE_FOLLOWER_URL).

What is read inside `reading()` is as new as what the first one had committed when the block began, or
newer: the first is asked how far it has written, the follower whether it has come so far. If it has not,
or does not answer, the block reads from the first as ever. So nobody reads what is older than what they
were told before, and a kept page (izmek/public/cache.py) holds no less than the state under which it is
filed.

Read so are public pages that are made anew: nine visits of ten, and the searches among them. All else, and
all that is written, goes to the first. Workers do not ask it: they wait for an answer as long as it takes.
"""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, connections

from izmek.acts import silence

ALIAS = "follower"
LOOKS, PAUSE = 3, 0.005  # it comes some thousandths of a second later
REST = 8  # seconds for which one that failed is not asked
FIRST_IS_AT = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() END::text"
# One that follows nobody any more has stayed where it was.
HAS_COME_TO = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"
BEHIND = "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())"

log = logging.getLogger(__name__)
_reads_from = ContextVar("reads_from", default=DEFAULT_DB_ALIAS)
_rests_until = 0.0


class Router:
    """Django's answer to where a row is read; it stands in the settings where there is a follower."""

    def db_for_read(self, model, **hints):
        return _reads_from.get()

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True  # they hold the same rows

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS


def is_set_up():
    return ALIAS in settings.DATABASES


@contextmanager
def reading():
    """Read from the follower as long as the block, if it has come as far as the first; gives whether.

    Inside a transaction it is the first, which alone knows what was written there.
    """
    is_follower = _has_come_so_far()
    before = _reads_from.set(ALIAS if is_follower else DEFAULT_DB_ALIAS)
    try:
        yield is_follower
    except (DatabaseError, InterfaceError):
        if is_follower:
            leave()
        raise
    finally:
        _reads_from.reset(before)


@contextmanager
def reading_first():
    """Read from the first as long as the block: what has to be as new as this moment."""
    before = _reads_from.set(DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        _reads_from.reset(before)


def leave():
    """Ask the follower nothing for REST: it has failed just now."""
    global _rests_until
    _rests_until = time.monotonic() + REST
    connections[ALIAS].close()


def behind():
    """How many bytes the follower has yet to read; None if it follows nobody. Raises a DatabaseError."""
    with silence.in_a_hurry():
        follows, missing = _ask(connections[ALIAS], BEHIND, _first_is_at())
    return max(0, int(missing or 0)) if follows else None


def _has_come_so_far():
    if not is_set_up() or connection.in_atomic_block or time.monotonic() < _rests_until:
        return False
    wanted = _first_is_at()
    follower = connections[ALIAS]
    follower.health_check_done = True  # the question is the look whether it lives
    try:
        with silence.in_a_hurry():
            for look in range(LOOKS):
                if look:
                    time.sleep(PAUSE)
                if _ask(follower, HAS_COME_TO, wanted)[0]:
                    return True
    except (DatabaseError, InterfaceError) as error:
        log.error("The follower does not answer: %s", type(error).__name__)
        leave()
    return False


def _first_is_at():
    return _ask(connection, FIRST_IS_AT)[0]


def _ask(server, statement, *values):
    with server.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
