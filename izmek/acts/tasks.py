"""Tasks that are seen: who works on them, what waits, and what a worker left that was killed.

A worker (`manage.py db_worker`) says every BEAT that it lives. What one left that fell silent is done again
by another; so is what the database broke off. After a pause so is what the store of files broke off, and
what the release of a worker does not know: while hosts are upgraded one after the other, another may. Every
task can be begun anew: it finds in the rows how far it came. Where tasks are done at once, as on a trial,
nothing is recorded.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, F, Min, Q, When
from django.db.models.functions import Greatest, Now
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from izmek.accounts import rights
from izmek.media.room import StorageAway
from izmek.models import TaskWorker

BEAT = timedelta(seconds=5)
LATE = timedelta(minutes=10)  # so long no task should wait
MOST_ATTEMPTS = 3  # of a task that ends its worker each time, or the database
BROKEN_OFF = [
    f"django.db.utils.{name}" for name in ("DatabaseError", "OperationalError", "InterfaceError")
]
# The pauses before what cannot be done now is tried again.
PAUSES = [timedelta(minutes=each) for each in (1, 5, 15, 30)]
AT_ONCE = get_date_max()  # `run_after` of what need not wait

READY, RUNNING, FAILED = "READY", "RUNNING", "FAILED"


class Interrupted(Exception):
    """What a task failed by whose worker was killed each time."""


class UnknownHere(Exception):
    """What a task fails by whose kind this release does not know: a newer one ordered it, or an older."""


# How a task fails that may go well later, or elsewhere. An ImportError is a task of another release.
NOT_NOW = [f"{kind.__module__}.{kind.__qualname__}" for kind in (StorageAway, UnknownHere)]
NOT_NOW += [f"builtins.{name}" for name in ("ImportError", "ModuleNotFoundError")]


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
    """The same of a task that failed because the database went or kept it waiting; of one that cannot be
    done now, after a pause."""
    failed = DBTaskResult.objects.filter(pk=task.pk, status=FAILED)
    broken_off = failed.filter(exception_class_path__in=BROKEN_OFF)
    again = sum(_again(one) for one in broken_off if len(one.worker_ids) < MOST_ATTEMPTS)
    for one in failed.filter(exception_class_path__in=NOT_NOW):
        if is_tried_again(len(one.worker_ids)):
            pause = PAUSES[len(one.worker_ids) - 1]
            again += _as_it_is(one).update(status=READY, run_after=Now() + pause)
    return again


def is_tried_again(attempt):
    """Whether a task that cannot be done now is tried again after this attempt (the first is 1)."""
    return are_put_off() and attempt <= len(PAUSES)


def _as_it_is(task):
    """The row, unless somebody was faster."""
    return DBTaskResult.objects.filter(pk=task.pk, status=task.status, worker_ids=task.worker_ids)


def _again(task):
    """Whether it waits again; unless somebody was faster, or it was tried too often: then it failed."""
    row = _as_it_is(task)
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
    """The rule: waits for longer than it should, a pause not counted. By the database's clock."""
    long_ago = Now() - LATE
    could_begin = Q(run_after=AT_ONCE) | Q(run_after__lt=long_ago)
    return results.filter(could_begin, status=READY, enqueued_at__lt=long_ago)


def standing():
    """(whether a worker lives, how many tasks wait, since when the oldest does or None)."""
    since = Case(
        When(run_after=AT_ONCE, then=F("enqueued_at")), default=Greatest("enqueued_at", "run_after")
    )
    could_begin = waiting().filter(Q(run_after=AT_ONCE) | Q(run_after__lte=Now()))
    oldest = could_begin.order_by().aggregate(since=Min(since))["since"]
    return TaskWorker.objects.living().exists(), waiting().count(), oldest


def run_task_again(*, task, by):
    """Let a task that failed be done again; its attempts are counted from zero."""
    rights.require(by, "run_task_again", task)
    failed = DBTaskResult.objects.filter(pk=task.pk, status=FAILED)
    failed.update(status=READY, started_at=None, finished_at=None, worker_ids=[], run_after=AT_ONCE)
