"""Tasks that are seen: a worker that died, one that the database broke off, what waits, what failed."""

import inspect
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from izmek.acts import tasks
from izmek.management.commands import db_worker
from izmek.media.room import StorageAway
from izmek.models import TaskWorker

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=1)
done = []


@task()
def note(what):
    done.append(what)


@pytest.fixture(autouse=True)
def put_off(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    done.clear()


def ordered():
    return DBTaskResult.objects.get(pk=note.enqueue("bir").id)


def running(worker, attempts=1, since=LONG_AGO):
    row = ordered()
    row.status, row.worker_ids = tasks.RUNNING, [worker] * attempts
    row.started_at = timezone.now() - since
    row.save()
    return row


def state(row):
    row.refresh_from_db()
    return row.status


def work():
    db_worker.Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="this",
        excluded_queue_names=[],
    ).run()


def test_what_a_dead_worker_left_is_done_again():
    tasks.beat("dead")
    row = running("dead")
    tasks.beat("living")
    assert tasks.take_up_left() == 0
    TaskWorker.objects.filter(pk="dead").update(seen_at=timezone.now() - LONG_AGO)
    assert tasks.take_up_left() == 1
    assert state(row) == tasks.READY
    assert list(TaskWorker.objects.values_list("pk", flat=True)) == ["living"]


def test_the_clock_of_a_host_decides_nothing():
    """Of a worker that is ahead what it left was begun in the future."""
    row = running("dead", since=-timedelta(hours=1))
    assert tasks.take_up_left() == 1
    assert state(row) == tasks.READY


@pytest.mark.django_db(transaction=True)  # a worker takes tasks in transactions of its own
def test_a_worker_is_heard_before_it_begins_anything(monkeypatch):
    """By itself: with its thread beside it SQLite in memory is locked at times."""
    monkeypatch.setattr(db_worker, "_beating", lambda worker: nullcontext())
    monkeypatch.setattr(tasks, "take_up_own", lambda worker: done.extend(living()))
    work()
    assert done == ["this"]


def living():
    return TaskWorker.objects.living().values_list("pk", flat=True)


def test_what_kills_its_worker_each_time_fails_in_the_end():
    row = running("dead", attempts=tasks.MOST_ATTEMPTS)
    assert tasks.take_up_left() == 0
    assert state(row) == tasks.FAILED
    assert row.exception_class_path == "izmek.acts.tasks.Interrupted"


@pytest.mark.parametrize(
    ("error", "attempts", "becomes"),
    [
        ("django.db.utils.OperationalError", 1, tasks.READY),
        ("django.db.utils.OperationalError", tasks.MOST_ATTEMPTS, tasks.FAILED),
        ("builtins.ValueError", 1, tasks.FAILED),
    ],
)
def test_what_the_database_broke_off_is_done_again(error, attempts, becomes):
    row = running("this", attempts=attempts)
    row.status, row.exception_class_path = tasks.FAILED, error
    row.save()
    tasks.take_up_broken_off(row)
    assert state(row) == becomes


def test_a_task_that_failed_is_done_again_when_somebody_says_so():
    row = running("dead", attempts=tasks.MOST_ATTEMPTS)
    tasks.take_up_left()
    tasks.run_task_again(task=row, by=None)
    assert (state(row), row.worker_ids) == (tasks.READY, [])


def test_what_stands_still_is_known(client, media):
    from tests.site.test_doctor import doctor

    assert "hiçbiri çalışmıyor" in client.get("/hazir/").content.decode()
    row = ordered()
    assert "1 görev bekliyor" in client.get("/hazir/").content.decode()
    assert "no worker lives (manage.py db_worker); 1 tasks wait" in doctor()[0]
    tasks.beat("living")
    assert doctor()[1] == 0
    assert not tasks.late(DBTaskResult.objects)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=25))
    assert list(tasks.late(DBTaskResult.objects)) == [row]
    answer = client.get("/hazir/")
    assert answer.status_code == 200
    assert "en eskisi 25 dakikadır" in answer.content.decode()
    assert "1 tasks wait, the oldest for 25 minutes" in doctor()[0]


@task()
def store_is_away():
    raise StorageAway


def rested(row):
    """Its pause is over."""
    DBTaskResult.objects.filter(pk=row.pk).update(run_after=timezone.now() - LONG_AGO)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [f"{__name__}.store_is_away", "izmek.acts.of_tomorrow.task"])
def test_what_cannot_be_done_now_is_tried_again_after_pauses(monkeypatch, path):
    """The store is away; another release ordered it."""
    monkeypatch.setattr(db_worker, "_beating", lambda worker: nullcontext())
    row = DBTaskResult.objects.get(pk=store_is_away.enqueue().id)
    DBTaskResult.objects.update(task_path=path)
    for attempt in range(1, len(tasks.PAUSES) + 1):
        work()
        assert (state(row), len(row.worker_ids)) == (tasks.READY, attempt)
        work()  # it rests
        assert (state(row), len(row.worker_ids)) == (tasks.READY, attempt)
        rested(row)
    work()
    assert state(row) == tasks.FAILED
    tasks.run_task_again(task=row, by=None)
    work()
    assert (state(row), len(row.worker_ids)) == (tasks.READY, 1)


def test_a_pause_is_no_waiting():
    row = ordered()
    long_ago = timezone.now() - timedelta(minutes=25)
    DBTaskResult.objects.update(enqueued_at=long_ago, run_after=timezone.now() + LONG_AGO)
    assert not tasks.late(DBTaskResult.objects)
    assert tasks.standing()[1:] == (1, None)
    rested(row)
    assert not tasks.late(DBTaskResult.objects)
    _lives, count, since = tasks.standing()
    assert count == 1 and timezone.now() - since < 2 * LONG_AGO
    DBTaskResult.objects.update(run_after=long_ago)
    assert list(tasks.late(DBTaskResult.objects)) == [row]


# What the release before has ordered, and may order while both work.
ORDERED_BEFORE = [
    ("izmek.acts.jobs.run", [1]),
    ("izmek.acts.imports.run", [1, "token"]),
    ("exhibitions.services.photos.make_sizes", ["key"]),
    ("exhibitions.papers.catalogue.build_catalogue", [1, "tr"]),
    ("exhibitions.tasks.look_for_names_left", [1]),
]


@pytest.mark.parametrize(("path", "arguments"), ORDERED_BEFORE)
def test_tasks_of_the_release_before_are_understood(path, arguments):
    row = DBTaskResult(task_path=path, backend_name="default", run_after=tasks.AT_ONCE)
    context = [object()] if row.task.takes_context else []
    inspect.signature(row.task.func).bind(*context, *arguments)
