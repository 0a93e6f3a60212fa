"""Work that no request waits for: one thread of a process does it, one thing after another.

Only for what is stored already and found again by a command if the process ends before it is done.
"""

import logging
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from django.db import connections

log = logging.getLogger(__name__)


class Background:
    """`put(item)`: hand something over; `work(items)` is called in a thread with all that comes meanwhile.

    The thread ends when nothing is left, and a process after its thread. What `work` leaves is dropped.
    """

    def __init__(self, name, work):
        self._name, self._work = name, work
        self._items, self._lock, self._runs = SimpleQueue(), Lock(), False

    def put(self, item):
        with self._lock:
            self._items.put(item)
            if not self._runs:
                self._runs = True
                Thread(target=self._run, name=self._name).start()

    def _run(self):
        try:
            self._work(iter(self._next, None))
        except Exception:
            log.exception("%s: broken off", self._name)
        finally:
            while self._next() is not None:
                pass
            connections.close_all()

    def _next(self):
        """The next item; None ends the thread, and the next `put` begins another."""
        with self._lock:
            try:
                return self._items.get_nowait()
            except Empty:
                self._runs = False
                return None
