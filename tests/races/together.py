"""Acts at the same moment, in real threads with database connections of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from django.db import connections
from django.db.models import QuerySet
from django.db.models.signals import pre_save

from izmek.acts import prepared


class Crowd:
    """So many threads, each with a connection of its own that it keeps; a context manager."""

    def __init__(self, people):
        self.people = people
        self.pool = ThreadPoolExecutor(people)
        self.start = threading.Barrier(people)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.at_once(*[connections.close_all] * self.people)
        self.pool.shutdown()

    def at_once(self, *acts):
        """Run one act in each thread, all from the same moment on.

        Returns for each, in order, what it returned or the exception it raised.
        """
        return list(self.pool.map(self._run, acts))

    def _run(self, act):
        self.start.wait(timeout=30)
        try:
            return act()
        except Exception as error:
            return error


def at_once(*acts):
    """Run every act in a thread of its own, once, as `Crowd.at_once` does."""
    with Crowd(len(acts)) as crowd:
        return crowd.at_once(*acts)


class Meeting:
    """A point in the code where threads wait for one another, so that they race for certain.

    Whoever is kept away by a lock is waited for no longer than `patience` seconds.
    """

    patience = 0.5

    def __init__(self, people=2):
        self.barrier = threading.Barrier(people)

    def __call__(self, *args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=self.patience)


class Interruption:
    """A point in the code where the first thread to come is halted until another one has acted.

    The other one begins with `reached()` and ends with `acted()`; if a lock keeps it from acting,
    the first goes on after `Meeting.patience`.
    """

    def __init__(self):
        self.there, self.done = threading.Event(), threading.Event()

    def __call__(self, *args, **kwargs):
        if not self.there.is_set():
            self.there.set()
            self.done.wait(timeout=Meeting.patience)

    def reached(self):
        assert self.there.wait(timeout=30)

    def acted(self):
        self.done.set()


@contextmanager
def before_saving(*models, call):
    """Call a Meeting or an Interruption when a row is checked and about to be saved."""
    for model in models:
        pre_save.connect(call, sender=model)
    try:
        yield call
    finally:
        for model in models:
            pre_save.disconnect(call, sender=model)


def without_locks(monkeypatch):
    """Take every row lock out of the services: the race as it would be without them.

    Nobody is kept away then, so everyone is waited for, however slow the machine.
    """
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    prepared.forget()  # and after the test again (conftest.py)
    monkeypatch.setattr(Meeting, "patience", 30)
