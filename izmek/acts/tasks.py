"""Tasks that are seen: who works on them, what waits, and what a worker left that was killed.

A worker (`manage.py db_worker`) says every BEAT that it lives. What one left that fell silent is done again
by another; so is what the database broke off. Every task can be begun anew: it finds in the rows how far it
came. Where tasks are done at once, as on a trial, nothing is recorded.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from izmek.accounts import rights
from izmek.models import TaskWorker

BEAT = timedelta(seconds=5)
LATE = timedelta(minutes=10)  # so long no task should wait
MOST_ATTEMPTS = 3  # of a task that ends its worker each time, or the database
BROKEN_OFF = [
    f"django.db.utils.{name}" for name in ("DatabaseError", "OperationalError", "InterfaceError")
]

READY, RUNNING, FAILED = "READY", "RUNNING", "FAILED"


class Interrupted(Exception):
    """What a task failed by whose worker was killed each time."""


def are_put_off():
    """Whether workers do the tasks, and not whoever orders them."""
    return settings.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend"


# --- Workers --------------------------------------------------------------------------------------


def beat(worker):
    TaskWorker.objects.update_or_create(id=worker, defaults={"seen_at": Now()})


def leave(worker):
    TaskWorker.objects.filter(pk=worker).delete()


def take_up_left():
    """Let the tasks of workers that are gone be done again; returns how many.

    When a task was begun does not count: it is told by the clock of its worker's host.
    """
    living = set(TaskWorker.objects.living().values_list("pk", flat=True))
    TaskWorker.objects.exclude(pk__in=living).delete()
    running = DBTaskResult.objects.filter(status=RUNNING)
    left = [one for one in running if one.worker_ids[-1] not in living]
    return sum(_again(one) for one in left)


def take_up_own(worker):
    """The same of the tasks of a worker that works on none."""
    running = DBTaskResult.objects.filter(status=RUNNING)
    return sum(_again(one) for one in running if one.worker_ids[-1] == worker)


def take_up_broken_off(task):
    """The same of a task that failed because the database went or kept it waiting."""
    found = DBTaskResult.objects.filter(
        pk=task.pk, status=FAILED, exception_class_path__in=BROKEN_OFF
    )
    return sum(_again(one) for one in found if len(one.worker_ids) < MOST_ATTEMPTS)


def _again(task):
    """Whether it waits again; unless somebody was faster, or it was tried too often: then it failed."""
    row = DBTaskResult.objects.filter(pk=task.pk, status=task.status, worker_ids=task.worker_ids)
    if len(task.worker_ids) < MOST_ATTEMPTS:
        return row.update(status=READY, started_at=None, finished_at=None)
    kind = f"{Interrupted.__module__}.{Interrupted.__qualname__}"
    row.update(status=FAILED, finished_at=timezone.now(), exception_class_path=kind)
    return 0


# --- What is told ---------------------------------------------------------------------------------


def waiting():
    """The tasks that wait; `late`: for longer than they should."""
    return DBTaskResult.objects.filter(status=READY).order_by("enqueued_at")


def late(results):
    """The rule: waits for longer than it should. By the database's clock."""
    return results.filter(status=READY, enqueued_at__lt=Now() - LATE)


def standing():
    """(whether a worker lives, how many tasks wait, since when the oldest does or None)."""
    oldest = waiting().values_list("enqueued_at", flat=True).first()
    return TaskWorker.objects.living().exists(), waiting().count(), oldest


def run_task_again(*, task, by):
    """Let a task that failed be done again; its attempts are counted from zero."""
    rights.require(by, "run_task_again", task)
    failed = DBTaskResult.objects.filter(pk=task.pk, status=FAILED)
    failed.update(status=READY, started_at=None, finished_at=None, worker_ids=[])
