"""A PostgreSQL that is frozen, or whose host has vanished: it refuses nothing and answers nothing.

Its own limits (settings.STATEMENT_SECONDS) end nothing then, so the driver of a web process waits by a
function of ours:

- Nobody waits for longer than those limits; then no connection to it is tried for REST.
- The processes of one gunicorn never wait all at once: the last one gives up after PATIENCE. So there
  is always one that says that it lives, and that the database does not answer.
- Who can do without the answer waits for less (`in_a_hurry`).

Giving up is an OperationalError like those of a server that went away (izmek/acts/trouble.py). Web
processes only (deploy/gunicorn.conf.py): commands have time, and a driver that waits so copies no tables.
"""

import fcntl
import select
import time
from contextlib import contextmanager
from contextvars import ContextVar

import psycopg2
from psycopg2 import extensions

PATIENCE = 0.4  # seconds; `/saglik/` is promised within one
REST = 2  # seconds
CONNECTS = extensions.STATUS_SETUP  # until the first settings of the connection are made
WAITS_FOR = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


def give_up_in_time(*, statement, connect, seats, at_once):
    """Let this process wait so many seconds for an answer and for a connection.

    `seats`: a file that all processes of one gunicorn have open; `at_once`: how many of them may wait for
    long at the same time.
    """
    extensions.set_wait_callback(Waiting(statement, connect, seats, at_once))


_hurry = ContextVar("hurry", default=(float("inf"), None))


@contextmanager
def in_a_hurry(seconds=PATIENCE, *, of=None):
    """Wait no longer for any answer in this block, in a process that waits by `Waiting`.

    `of`: the connection of which that is true; none means all.
    """
    before = _hurry.set((seconds, of))
    try:
        yield
    finally:
        _hurry.reset(before)


class Waiting:
    def __init__(self, statement, connect, seats, at_once):
        self.statement, self.connect = statement, connect
        self.seats, self.at_once = seats, at_once
        self.rests_until = {}  # dsn → when it is tried again

    def __call__(self, connection):
        """Until the connection has its answer; called by psycopg2."""
        began = time.monotonic()
        connects = connection.status == CONNECTS
        if connects and began < self.rests_until.get(connection.dsn, 0):
            raise psycopg2.OperationalError("PostgreSQL did not answer a moment ago")
        limit = self.connect if connects else self.statement
        seconds, of = _hurry.get()
        end = began + (min(limit, seconds) if of in (None, connection) else limit)
        seat = None
        try:
            while (state := connection.poll()) != extensions.POLL_OK:
                pause = end if seat is not None else min(end, began + PATIENCE)
                if _is_ready(connection, state, pause - time.monotonic()):
                    continue
                if seat is None and pause < end:
                    seat = self._sit_down()
                    if seat is not None:
                        continue
                now = time.monotonic()
                if connects or now >= began + limit:  # else it may be a lock that is held
                    self.rests_until[connection.dsn] = now + REST
                raise psycopg2.OperationalError(
                    f"PostgreSQL was silent for {now - began:.1f} seconds"
                )
        finally:
            if seat is not None:
                fcntl.lockf(self.seats, fcntl.LOCK_UN, 1, seat)

    def _sit_down(self):
        """The number of a free seat, or None. A process that dies gives its seat back."""
        for seat in range(self.at_once):
            try:
                fcntl.lockf(self.seats, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, seat)
            except OSError:
                continue
            return seat
        return None


def _is_ready(connection, state, seconds):
    waits = select.poll()
    waits.register(connection, WAITS_FOR[state])
    return bool(waits.poll(max(0, seconds) * 1000))
