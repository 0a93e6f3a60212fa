"""A worker killed in the middle, and one whose PostgreSQL is restarted: every task is done, each once."""

import os
import signal
import time
from contextlib import contextmanager

from tests.faults.people import Visitor


@contextmanager
def worker(town):
    process = town.worker()
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


def until(true, seconds):
    """How long it took until it was so; fails after that many seconds."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it took too long"
        time.sleep(0.2)
    return time.monotonic() - began


ENQUEUE = "from tests.faults.slow import slow; print(slow.enqueue({what!r}, {seconds}).id)"


def order(town, what, seconds):
    town.postgres.ask("DELETE FROM izmek_counter WHERE kind = %s", what)  # of a kept town
    return town.python(ENQUEUE.format(what=what, seconds=seconds)).split()[-1]


def status(town, key):
    [found] = town.postgres.ask(
        "SELECT status, worker_ids FROM django_tasks_database_dbtaskresult WHERE id = %s", key
    )
    return found


def test_killed(town):
    """Taken up again within 30 seconds by another."""
    key = order(town, "killed", 4)
    first = town.worker()
    until(lambda: status(town, key)[0] == "RUNNING", 20)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    with worker(town):
        time.sleep(1)
        until(lambda: len(status(town, key)[1]) == 2, 35)
        until(lambda: status(town, key)[0] == "SUCCESSFUL", 10)
    assert town.postgres.ask("SELECT last FROM izmek_counter WHERE kind = 'killed'") == [(1,)]


def test_postgresql_restarted(town):
    """The worker lives on, and what was broken off is done again."""
    keys = [order(town, f"restarted{number}", 2) for number in range(3)]
    with worker(town) as process:
        until(lambda: status(town, keys[0])[0] == "RUNNING", 20)
        town.postgres.restart()
        until(lambda: all(status(town, key)[0] == "SUCCESSFUL" for key in keys), 40)
        assert process.poll() is None
    rows = town.postgres.ask("SELECT last FROM izmek_counter WHERE kind LIKE 'restarted%%'")
    assert rows == [(1,)] * 3


def test_nobody_works(town):
    with town.open() as site:
        key = order(town, "nobody", 0)
        ready = Visitor(site).ask("/hazir/")
        assert ready.status == 200 and "manage.py db_worker" in ready.text
        assert "no worker lives" in town.manage("doctor", check=False).stdout
        with worker(town):
            until(lambda: status(town, key)[0] == "SUCCESSFUL", 20)
            assert "manage.py db_worker" not in Visitor(site).ask("/hazir/").text
