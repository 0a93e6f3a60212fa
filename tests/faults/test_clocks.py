"""Hosts whose clocks are ten minutes wrong: what processes decide together goes by the database's clock."""

import os
import signal
import threading

import pytest

from tests.faults.mail_server import mail_server
from tests.faults.test_workers import order, status, until, worker

TEN_MINUTES = 600
CLOCKS = (-TEN_MINUTES, TEN_MINUTES)
WRONG = pytest.mark.parametrize("clock", CLOCKS)
JOB = """
from izmek.acts import jobs
from izmek.acts.enums import JobState
from izmek.models import Job, User
manager = User.objects.get(username="yonetici")
job = Job.objects.create(kind="list", by=manager, object=manager, state=JobState.RUNNING)
jobs._report(job.pk, 1, 2)
print(job.pk)
"""
IS_INTERRUPTED = """
from izmek.models import Job
print(Job.objects.interrupted().filter(pk=%s).exists())
Job.objects.filter(pk=%s).delete()
"""
LETTER = """
from izmek.models import Letter
print(Letter.objects.create(kind="offer", to="saat@example.org").pk)
"""
TRIED = "SELECT attempts, next_try_at > now() FROM izmek_letter WHERE id = %s"
# Two for a course without applications, prints its key.
COURSE = """
from datetime import timedelta
from django.utils import timezone
from courses.models import Course
from tests import factories
like = Course.objects.get(pk=%d)
begin = timezone.localdate() + timedelta(days=30)
same = dict(centre=like.centre, programme=like.programme, teacher=like.teacher, term=like.term)
print(factories.course(state="open", capacity=2, begin=begin, **same).pk)
"""
APPLY = """
from courses.models import Course
from trainees.services import apply
course = Course.objects.get(pk=%d)
apply(course=course, first_name="Zeynep", last_name="Saat", phone="+9055577788%02d", birth_year=1985)
"""
QUEUE = """
SELECT phone FROM trainees_application WHERE course_id = %s
ORDER BY in_turn, already_certified, received_at, id
"""
OFFER = """
UPDATE trainees_application SET state = 'offered', confirmed_at = now(), offered_at = now(),
offer_until = now() + %s * interval '1 second' WHERE course_id = %s AND phone LIKE %s
"""


def test_a_worker_counts_as_gone_when_it_is(town):
    """30 seconds after they were killed somebody else does what they began."""
    keys = []
    for clock in CLOCKS:
        keys.append(order(town, f"clock{clock}", 4))
        first = town.worker(clock=clock)
        until(lambda: status(town, keys[-1])[0] == "RUNNING", 60)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    with worker(town):
        until(lambda: all(len(status(town, key)[1]) == 2 for key in keys), 50)
        until(lambda: all(status(town, key)[0] == "SUCCESSFUL" for key in keys), 60)
    rows = town.postgres.ask("SELECT last FROM izmek_counter WHERE kind LIKE 'clock%%'")
    assert rows == [(1,)] * len(keys)


@WRONG
def test_work_that_is_told_of_is_not_interrupted(town, clock):
    key = town.python(JOB, clock=clock).split()[-1]
    assert town.python(IS_INTERRUPTED % (key, key), clock=-clock).split()[0] == "False"


@WRONG
def test_a_letter_on_its_way_is_not_sent_by_another_host(town, clock):
    with mail_server() as server:
        town.postgres.ask("UPDATE izmek_letter SET state = 'sent' WHERE state = 'waiting'")
        letter = town.python(LETTER).split()[-1]
        server.way = "hangs"
        mail = {"EMAIL_URL": server.url, "EMAIL_TIMEOUT": "8"}
        sends = lambda: town.manage("send_letters", clock=clock, **mail)  # noqa: E731
        thread = threading.Thread(target=sends)
        thread.start()
        until(lambda: town.postgres.ask(TRIED, letter)[0][0] == 1, 60)
        town.manage("send_letters", **mail)
        assert town.postgres.ask(TRIED, letter) == [(1, True)]
        thread.join()


def test_who_came_first_stands_first_and_an_offer_ends_when_it_was_said(town):
    course = int(town.python(COURSE % town.course))
    for number, clock in enumerate((TEN_MINUTES, 0, -TEN_MINUTES)):
        town.python(APPLY % (course, number), clock=clock)
    order = [f"+9055577788{number:02}" for number in range(3)]
    assert [phone for (phone,) in town.postgres.ask(QUEUE, course)] == order

    town.postgres.ask(OFFER, 300, course, "%00")  # five minutes are left of this one
    town.postgres.ask(OFFER, -60, course, "%01")  # and this one is over
    for clock in (TEN_MINUTES, -TEN_MINUTES):
        town.manage("advance_queues", clock=clock)
        states = "SELECT phone, state FROM trainees_application WHERE course_id = %s ORDER BY phone"
        found = [state for _phone, state in town.postgres.ask(states, course)]
        assert found == ["offered", "expired", "received"]
