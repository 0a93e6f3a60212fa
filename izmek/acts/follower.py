"""Reading from a PostgreSQL that follows the first one, where one is named (DATABASE_FOLLOWER_URL).

What a public page is made of is read there (`read`) if the follower shows the very state of content under
which the page is filed (izmek/public/areas.py): it is asked for that state before the page is made. So a
kept page (izmek/public/cache.py) holds no less than the state under which it lies, whatever the follower
follows, how far it is behind and whether the first waits for its disk. If it shows another state, or does
not answer, or fails while the page is made, the page is made from the first as ever.

Read so are public pages that are made anew: nine visits of ten, and the searches among them. All else, and
all that is written, goes to the first; so does the cache, where it is a table.
"""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db import Error as DatabaseError

from izmek.acts import silence

ALIAS = "follower"
LOOKS, PAUSE = 3, 0.005  # it comes some thousandths of a second later
LONGEST = 1  # seconds for an answer of which a page is made; the first has more
REST = 8  # seconds for which one that failed is not asked
FIRST_IS_AT = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() END::text"
BEHIND = "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())"

log = logging.getLogger(__name__)
_reads_from = ContextVar("reads_from", default=DEFAULT_DB_ALIAS)
_rests_until = 0.0


class Router:
    """Django's answer to where a row is read; it stands in the settings where there is a follower."""

    def db_for_read(self, model, **hints):
        # What is counted in the cache is changed as it is read; and one that failed is left at once.
        is_of_cache = model._meta.app_label == "django_cache"
        return DEFAULT_DB_ALIAS if is_of_cache or _rests() else _reads_from.get()

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True  # they hold the same rows

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS


def is_set_up():
    return ALIAS in settings.DATABASES


def read(make, *, shows):
    """What `make()` gives, read from the follower if it `shows(server)` what it must, else from the first.

    If the follower failed meanwhile it is made once more, whatever became of it: a view may have answered
    an error of its own, and a connection that was lost may have been opened anew to one that is behind.
    """
    server = _that_shows(shows)
    if server is None:
        with reading_first():
            return make()
    asked = server.connection
    with _reading(ALIAS), silence.in_a_hurry(LONGEST, of=asked):
        try:
            made = make()
        except Exception:
            if _is_still(server, asked):
                raise
        else:
            if _is_still(server, asked):
                return made
    _leave("failed while a page was made")
    with reading_first():
        return make()


def reading_first():
    """Read from the first as long as the block: what has to be as new as this moment."""
    return _reading(DEFAULT_DB_ALIAS)


def behind():
    """How many bytes the follower has yet to read; None if it follows nobody.

    Raises a DatabaseError of either (django.db.Error).
    """
    wanted = _ask(connection, FIRST_IS_AT)
    with silence.in_a_hurry():
        follows, missing = _ask(connections[ALIAS], BEHIND, *wanted)
    return max(0, int(missing or 0)) if follows else None


def _that_shows(shows):
    """The follower, if it does and answers. Inside a transaction the first alone knows what was written."""
    if not is_set_up() or connection.in_atomic_block or _rests():
        return None
    server = connections[ALIAS]
    server.health_check_done = True  # the question is the look whether it lives
    try:
        with silence.in_a_hurry():
            for look in range(LOOKS):
                if look:
                    time.sleep(PAUSE)
                if shows(server):
                    return server
    except DatabaseError as error:
        _leave(f"does not answer: {type(error).__name__}")
    return None


def _is_still(server, asked):
    """Whether the connection is the one that was asked, and has known no error since."""
    return server.connection is asked and not server.errors_occurred


def _rests():
    return time.monotonic() < _rests_until


def _leave(why):
    """Ask the follower nothing for REST."""
    global _rests_until
    if not _rests():
        log.error("The follower %s", why)
    _rests_until = time.monotonic() + REST
    connections[ALIAS].close()


@contextmanager
def _reading(alias):
    before = _reads_from.set(alias)
    try:
        yield
    finally:
        _reads_from.reset(before)


def _ask(server, statement, *values):
    with server.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
