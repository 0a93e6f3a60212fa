"""`manage.py db_worker`: the library's, but that it says that it lives and outlives the database."""

import logging
import time
from contextlib import contextmanager
from threading import Event, Thread

from django.db import Error as DatabaseError
from django.db import connection, connections
from django_tasks_db.management.commands import db_worker as library

from izmek.acts import tasks, upkeep
from izmek.acts.queries import SILENCE_OF_WORKERS, WORKER
from izmek.acts.trouble import trouble
from izmek.watching.work import doing_task

PAUSE = 1  # seconds, while the database is away

log = logging.getLogger(__name__)


class Worker(library.Worker):
    def run(self):
        upkeep.begun(WORKER)
        with _beating(self.worker_id):
            while True:
                try:
                    tasks.beat(
                        self.worker_id
                    )  # before it takes anything: else another would take it up
                    tasks.take_up_own(self.worker_id)  # what the database broke off
                    return super().run()
                except DatabaseError as error:
                    if trouble(error) is None or not self.running:
                        raise
                    log.error("The database is away: %s", type(error).__name__)
                    connection.close()
                    time.sleep(PAUSE)

    def run_task(self, db_task_result):
        with doing_task(db_task_result.pk):
            super().run_task(db_task_result)
        tasks.take_up_broken_off(db_task_result)


@contextmanager
def _beating(worker):
    """Say that it lives, in a thread of its own: a task may take long."""
    over = Event()
    thread = Thread(target=_beat, args=[worker, over], name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(worker, over):
    """Others may have been as silent as this one while the database was away: none is gone yet then."""
    since = None  # when it began to be heard without a break
    try:
        while not over.is_set():
            try:
                tasks.beat(worker)
                since = since or time.monotonic()
                if time.monotonic() > since + SILENCE_OF_WORKERS.total_seconds():
                    tasks.take_up_left()
            except DatabaseError:
                connection.close()
                since = None
            over.wait(tasks.BEAT.total_seconds())
        tasks.leave(worker)
    except DatabaseError:
        log.warning("The database is away: the worker is missed for %s", SILENCE_OF_WORKERS)
    finally:
        connections.close_all()


class Command(library.Command):
    def handle(self, **options):
        library.Worker = Worker
        super().handle(**options)
