"""Races on the roll and for a teacher, on PostgreSQL with real threads."""

from datetime import time
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from courses import services as course_services
from courses.enums import CourseState
from courses.models import Session
from courses.services import bookings
from izmek.acts.refusal import Conflict
from tests import factories
from tests.races.together import Meeting, at_once, without_locks
from trainees import services
from trainees.models import Absence, RollCall
from trainees.services import roll as attendance

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_mark_holds_its_course_also_by_a_statement_that_is_kept():
    enrolment, by = factories.enrolment(), factories.user("yonetici")
    session = factories.session(enrolment.course)
    mark = partial(services.mark_absent, enrolment=enrolment, session=session, by=by)
    for hours in (1, 2):
        with CaptureQueriesContext(connection) as asked:
            mark(hours=hours)
        locks = 'FOR NO KEY UPDATE OF "courses_course"'
        assert any(locks in one["sql"] for one in asked)
    with pytest.raises(TransactionManagementError):
        attendance._lines(by=by, act="mark_absent", enrolment=enrolment.pk, session=session.pk)


# --- One roll, two people ---------------------------------------------------------------------


def one_mark_by_two():
    enrolment = factories.enrolment()
    session = factories.session(enrolment.course)
    people = [factories.user("yonetici") for _ in range(2)]
    mark = partial(services.mark_absent, enrolment=enrolment, session=session)
    return session, at_once(*(partial(mark, by=by) for by in people))


def meet_before_writing(monkeypatch):
    """Both have read that nobody is marked when they begin to write."""
    meeting, real = Meeting(), attendance.upsert

    def upsert(*args, **facts):
        meeting()
        return real(*args, **facts)

    monkeypatch.setattr(attendance, "upsert", upsert)


def test_even_without_locks_neither_of_two_marks_fails(monkeypatch):
    """A mark is one statement that inserts or overwrites."""
    without_locks(monkeypatch)
    meet_before_writing(monkeypatch)
    _session, results = one_mark_by_two()
    assert results[0] == results[1] == Absence.objects.get()


def test_the_last_of_two_who_mark_is_shown_and_both_are_kept(monkeypatch):
    meet_before_writing(monkeypatch)
    session, results = one_mark_by_two()
    assert results[0] == results[1] == Absence.objects.get()
    history = list(Absence.history.order_by("history_id"))
    assert len({row.history_user_id for row in history}) == 2
    assert Absence.objects.get().by_id == history[-1].history_user_id
    assert services.last_marked(session).history_user_id == history[-1].history_user_id


def test_two_people_call_one_roll_and_nothing_is_lost():
    course = factories.course(capacity=25)
    session = factories.session(course)
    enrolments = [factories.enrolment(factories.trainee(f"Ad{n}"), course) for n in range(12)]
    people = [factories.user("yonetici") for _ in range(2)]

    def call(by, whom):
        for enrolment in whom:
            services.mark_absent(enrolment=enrolment, session=session, by=by)
        services.call_roll(session=session, by=by)

    results = at_once(
        partial(call, people[0], enrolments[:6]), partial(call, people[1], enrolments[4:10])
    )
    assert results == [None, None]
    absent = {absence.enrolment_id: absence.by_id for absence in Absence.objects.all()}
    assert set(absent) == {enrolment.pk for enrolment in enrolments[:10]}
    for enrolment, by in absent.items():
        last = Absence.history.filter(enrolment_id=enrolment).latest("history_id")
        assert last.history_user_id == by
    assert RollCall.objects.get().by_id == RollCall.history.latest("history_id").history_user_id


# --- One teacher, two courses -----------------------------------------------------------------


def two_courses_of_one_teacher(monkeypatch):
    """Both are opened at once, at the same hours; the threads meet when they looked for clashes."""
    teacher = factories.teacher()
    courses = [factories.course(CourseState.PLANNED, teacher=teacher) for _ in range(2)]
    for course in courses:
        course.slots.create(weekday=1, begin=time(9), end=time(12), lesson_hours=4)
    meeting, real = Meeting(), bookings.clashes

    def clashes(**facts):
        found = list(real(**facts))
        meeting()
        return found

    monkeypatch.setattr(bookings, "clashes", clashes)
    return at_once(*(partial(course_services.open_course, course=c, by=None) for c in courses))


def test_without_locks_only_the_databases_net_keeps_a_teacher_from_being_booked_twice(monkeypatch):
    without_locks(monkeypatch)
    results = two_courses_of_one_teacher(monkeypatch)
    # Who comes second meets the rule, or – both half way through – a deadlock that one of them loses.
    refused = (IntegrityError, OperationalError)
    assert sum(isinstance(result, refused) for result in results) == 1
    assert Session.objects.exclude(holds_teacher=None).values("course").distinct().count() == 1


def test_of_two_bookings_of_one_teacher_one_is_refused_by_a_sentence(monkeypatch):
    results = two_courses_of_one_teacher(monkeypatch)
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert Session.objects.exclude(holds_teacher=None).values("course").distinct().count() == 1
