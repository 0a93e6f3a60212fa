"""Lessons from the timetable, added, cancelled, with a substitute."""

from datetime import date, time, timedelta

import pytest

from courses import services
from courses.enums import CourseState, SessionState
from courses.models import Holiday, Session
from tests import factories
from tests.courses.services.planning import MONDAY, NINE, TWO, added, days, planned
from tests.refusals import refused
from trainees.models import RollCall

pytestmark = pytest.mark.django_db


def test_a_cancelled_session_frees_its_teacher_and_keeps_its_reason():
    teacher = factories.teacher()
    course = planned(teacher=teacher)
    services.open_course(course=course, by=None)
    session = course.sessions.first()
    services.cancel_session(session=session, reason="Kar", by=None)
    services.cancel_session(session=session, reason="Başka", by=None)
    session.refresh_from_db()
    assert (session.state, session.state_reason) == (SessionState.CANCELLED, "Kar")
    substitute_elsewhere = planned(teacher=teacher, begin=MONDAY, end=MONDAY)
    services.open_course(course=substitute_elsewhere, by=None)


def test_a_new_timetable_does_not_bring_a_cancelled_session_back():
    course = planned()
    services.open_course(course=course, by=None)
    services.cancel_session(session=course.sessions.first(), reason="Kar", by=None)
    services.make_sessions(course=course, by=None)
    assert MONDAY not in days(course)
    assert course.sessions.filter(date=MONDAY).count() == 1


@pytest.mark.parametrize("state", sorted(CourseState.over()))
def test_a_course_that_is_over_gets_no_sessions(state):
    refused("state", services.make_sessions, course=factories.course(state), by=None)


def test_a_session_whose_roll_was_called_is_neither_cancelled_nor_made_anew():
    course = planned()
    services.open_course(course=course, by=None)
    session = course.sessions.first()
    RollCall.objects.create(session=session)
    refused("called", services.cancel_session, session=session, reason="Kar", by=None)
    course.slots.update(begin=TWO, end=time(17))
    services.make_sessions(course=course, by=None, today=MONDAY)
    assert [s.begin for s in course.sessions.not_cancelled()] == [NINE, TWO, TWO, TWO, TWO]


def test_a_make_up_session_is_added_and_survives_a_new_timetable():
    course = planned()
    services.open_course(course=course, by=None)
    session = added(course, topic="Telafi")
    services.make_sessions(course=course, by=None)
    session.refresh_from_db()
    assert session.extra
    assert session.holds_teacher == course.teacher


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("date", {"date": MONDAY - timedelta(days=1)}),
        ("time", {"begin": time(6, 30)}),
        ("time", {"begin": time(17)}),
        ("hours", {"lesson_hours": 0}),
        ("hours", {"lesson_hours": 13}),
        ("hours", {"lesson_hours": 4}),  # 14.00-16.00 holds three of 40 minutes
        ("date", {"date": date(2026, 6, 29)}),  # the education year ends the day before
        ("date", {"date": date.max}),
        ("own", {"date": MONDAY, "begin": time(11)}),
    ],
)
def test_an_impossible_session_is_refused_at_its_field(code, fields):
    course = planned()
    services.open_course(course=course, by=None)
    refused(code, added, course=course, **fields)


def test_a_session_after_the_education_year_is_refused_with_the_last_day():
    course = planned()
    assert "28 Haziran 2026" in refused("date", added, course=course, date=date(9999, 12, 31))
    added(course, date=date(2026, 6, 28))


def test_a_session_on_a_holiday_is_refused_by_its_name():
    day = MONDAY + timedelta(days=1)
    Holiday.objects.create(name="Zafer Bayramı", begin=day, end=day)
    assert "Zafer Bayramı" in refused("holiday", added, course=planned())


def test_a_session_at_which_the_teacher_is_taken_is_refused():
    teacher = factories.teacher()
    course, other = planned(teacher=teacher), planned(teacher=teacher)
    other.slots.update(begin=TWO, end=time(17))
    services.open_course(course=course, by=None)
    services.open_course(course=other, by=None)
    assert str(course) in refused(
        "booked", added, course=other, date=MONDAY, begin=time(11), end=time(13)
    )
    assert not Session.objects.filter(course=other, extra=True).exists()


def test_a_substitute_holds_the_session_and_the_own_teacher_is_no_substitute():
    course = planned()
    services.open_course(course=course, by=None)
    session = course.sessions.first()
    substitute = factories.teacher("Sevim", "Ak")
    services.name_substitute(session=session, teacher=substitute, by=None)
    session.refresh_from_db()
    assert session.teacher == session.holds_teacher == substitute
    services.name_substitute(session=session, teacher=course.teacher, by=None)
    session.refresh_from_db()
    assert (session.teacher, session.holds_teacher) == (None, course.teacher)


def test_a_substitute_who_is_taken_is_refused():
    substitute = factories.teacher("Sevim", "Ak")
    hers = planned(teacher=substitute)
    services.open_course(course=hers, by=None)
    course = planned()
    services.open_course(course=course, by=None)
    sentence = refused(
        "booked",
        services.name_substitute,
        session=course.sessions.first(),
        teacher=substitute,
        by=None,
    )
    assert str(hers) in sentence
