"""Acts at the same moment, in real threads with database connections of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections
from django.db.models import QuerySet
from django.db.models.signals import pre_save


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

    Whoever is kept away by a lock is not waited for longer than `patience` seconds.
    """

    def __init__(self, people, patience=0.5):
        self.barrier, self.patience = threading.Barrier(people), patience

    def __call__(self, *args, **kwargs):
        try:
            self.barrier.wait(timeout=self.patience)
        except threading.BrokenBarrierError:
            return False
        return True


@contextmanager
def meeting_before_saving(*models, people=2, patience=0.5):
    """Let the threads meet when they have checked everything and are about to save a row."""
    meeting = Meeting(people, patience)
    for model in models:
        pre_save.connect(meeting, sender=model)
    try:
        yield
    finally:
        for model in models:
            pre_save.disconnect(meeting, sender=model)


def without_locks(monkeypatch):
    """Take every row lock out of the services: the race as it would be without them."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
