"""Opening a course, and who takes applications."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from courses import services
from courses.enums import CourseState, DayPart, SessionState
from courses.models import Holiday, Session
from tests import factories
from tests.courses.services.planning import MONDAY, NINE, NOON, TWO, days, planned
from tests.refusals import refused
from trainees.models import RollCall

pytestmark = pytest.mark.django_db


def test_opening_copies_the_rules_and_makes_the_sessions():
    course = planned()
    course.programme.modules.create(name="Temel teknikler", hours=20)
    services.open_course(course=course, by=None)
    course.programme.total_hours, course.term.year.pass_mark = 99, 45
    course.programme.save()
    course.term.year.save()
    course.refresh_from_db()
    assert (course.state, course.total_hours, course.pass_mark) == (CourseState.OPEN, 20, 50)
    assert [module.name for module in course.modules.all()] == ["Temel teknikler"]
    assert days(course) == [MONDAY + timedelta(weeks=week) for week in range(5)]


def test_no_reason_is_longer_than_its_column():
    course = factories.course()
    lesson = factories.session(course)
    long = "ş" * 251
    refused("long", services.cancel_session, session=lesson, reason=long, by=None)
    refused("long", services.cancel_course, course=course, reason=long, by=None)
    change = {"teacher": factories.teacher("Ayla"), "begins_on": lesson.date, "by": None}
    refused("long", services.change_teacher, course=course, reason=long, **change)
    extra = {"date": lesson.date, "begin": TWO, "end": time(16), "lesson_hours": 2, "by": None}
    refused("long", services.add_session, course=course, topic=long, **extra)
    assert services.add_session(course=course, topic="ş" * 250, **extra).topic == "ş" * 250


def test_a_course_without_timetable_is_not_opened():
    course = planned()
    course.slots.all().delete()
    refused("timetable", services.open_course, course=course, by=None)


def test_no_door_makes_lessons_of_one_course_at_the_same_time():
    course = planned()
    course.slots.create(weekday=1, begin=time(11, 30), end=time(13), lesson_hours=2)
    refused("overlap", services.make_sessions, course=course, by=None)
    sentence = refused("overlap", services.open_course, course=course, by=None)
    assert "Pazartesi 11.30-13.00" in sentence
    assert not course.sessions.exists()
    course.slots.filter(begin=NINE).update(weekday=2)
    services.open_course(course=course, by=None)


def test_a_lesson_that_was_added_is_not_doubled_by_the_timetable():
    course = planned()
    services.add_session(
        course=course, date=MONDAY, begin=time(11), end=time(13), lesson_hours=2, by=None
    )
    services.make_sessions(course=course, by=None)
    assert days(course)[:2] == [MONDAY, MONDAY + timedelta(weeks=1)]


def test_a_running_course_whose_last_lessons_are_left_follows_its_timetable():
    today = timezone.localdate()
    begin = today - timedelta(days=14)
    course = factories.course(begin=begin, end=today + timedelta(days=30))
    for day, roll in (
        (begin, True),
        (begin + timedelta(days=1), True),
        (begin + timedelta(days=21), False),
    ):
        course.slots.get_or_create(
            weekday=day.isoweekday(), defaults={"begin": NINE, "end": NOON, "lesson_hours": 4}
        )
        session = factories.session(course, day)
        if roll:
            RollCall.objects.create(session=session)
    assert services.timetable_warnings(course=course) == []


def test_holidays_are_left_out_and_half_days_take_their_half():
    Holiday.objects.create(name="Bayram", begin=MONDAY, end=MONDAY)
    week2 = MONDAY + timedelta(weeks=1)
    Holiday.objects.create(name="Arife", begin=week2, end=week2, part=DayPart.AFTERNOON)
    week3 = MONDAY + timedelta(weeks=2)
    Holiday.objects.create(
        name="Başka merkezin tatili", begin=week3, end=week3, centre=factories.centre()
    )
    course = planned()
    services.open_course(course=course, by=None)
    assert days(course)[:2] == [week2, week3]


def test_an_open_course_cannot_take_a_teacher_who_is_taken():
    teacher = factories.teacher()
    taken = planned(teacher=teacher)
    services.open_course(course=taken, by=None)
    other = planned(teacher=teacher)
    services.make_sessions(course=other, by=None)
    assert str(taken) in services.booking_warnings(course=other)[0]
    sentence = refused("booked", services.open_course, course=other, by=None)
    assert str(taken) in sentence
    other.refresh_from_db()
    assert other.state == CourseState.PLANNED


def test_a_finished_course_holds_nobody():
    teacher = factories.teacher()
    done = planned(teacher=teacher)
    services.open_course(course=done, by=None)
    services.start_course(course=done, by=None)
    services.set_finished(course=done, by=None)
    other = planned(teacher=teacher)
    services.open_course(course=other, by=None)
    assert refused("booked", services.set_running_again, course=done, reason="Not hatası", by=None)


def test_a_cancelled_course_cancels_what_is_to_come_with_the_reason():
    today = timezone.localdate()
    course = factories.course()
    held = factories.session(course, today - timedelta(days=7))
    coming = factories.session(course, today + timedelta(days=7))
    refused("reason", services.cancel_course, course=course, reason="  ", by=None)
    services.cancel_course(course=course, reason="Öğretmen ayrıldı", by=None)
    held.refresh_from_db()
    coming.refresh_from_db()
    assert (held.state, coming.state) == (SessionState.PLANNED, SessionState.CANCELLED)
    assert coming.state_reason == "Öğretmen ayrıldı"
    refused("state", services.cancel_course, course=course, reason="Yine", by=None)


def test_the_capacity_stays_above_what_is_given():
    course = factories.course(capacity=2)
    factories.enrolment(of=course)
    factories.enrolment(of=course)
    course.capacity = 1
    sentence = refused("capacity", services.save_course, course=course, by=None)
    assert "2" in sentence


@pytest.mark.parametrize(
    ("state", "period", "taken"),
    [
        ("open", {}, True),
        ("running", {"begin": 5, "end": 90}, True),
        ("running", {"begin": -5, "end": 90}, False),
        ("running", {"begin": -5, "end": 90, "registration_deadline": 1}, True),
        ("open", {"registration_deadline": -1}, False),
        ("open", {"registration_deadline": 3, "applications_until": -1}, False),
        ("open", {"applications_from": 1}, False),
        ("open", {"applications_from": -1, "applications_until": 1}, True),
        ("finished", {}, False),
    ],
)
def test_the_public_applies_inside_the_period_only(state, period, taken):
    from courses.models import Course

    period = {"begin": 10, "end": 90} | period
    fields = {
        name: (timezone.localdate() if name in ("begin", "end") else timezone.now())
        + timedelta(days=offset)
        for name, offset in period.items()
    }
    course = factories.course(state, **fields)
    assert Course.objects.open_for_application().filter(pk=course.pk).exists() is taken


def test_a_holiday_of_half_a_day_takes_a_session_in_the_list_as_in_the_timetable():
    course = planned()
    Holiday.objects.create(name="Arife", begin=MONDAY, end=MONDAY, part=DayPart.AFTERNOON)
    morning = factories.session(course, MONDAY, NINE, NOON)
    afternoon = factories.session(course, MONDAY, time(13), TWO)
    names = dict(Session.objects.with_holiday().values_list("pk", "holiday"))
    assert names == {morning.pk: None, afternoon.pk: "Arife"}
