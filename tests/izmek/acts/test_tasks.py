"""Tasks that are seen: a worker that died, one that the database broke off, what waits, what failed."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from izmek.acts import tasks
from izmek.management.commands import db_worker
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
