"""A paid instructor's hours."""

from datetime import time, timedelta

import pytest

from courses import services
from courses.models import Course
from tests import factories
from tests.courses.services.planning import NINE, NOON, SOON, TWO, coming
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_ninth_lesson_hour_a_day_is_refused_wherever_it_comes_from():
    paid = factories.teacher("Gülten", "Öz")
    services.open_course(course=coming(paid), by=None)
    sentence = refused("workload", services.open_course, course=coming(paid, begin=TWO), by=None)
    assert "Gülten Öz" in sentence
    assert "12 ders saati" in sentence and "günde en çok 8" in sentence
    assert f"{SOON.year} Pazartesi" in sentence

    other = coming(factories.teacher("Sevim", "Ak"), begin=TWO)
    other = services.open_course(course=other, by=None)
    lesson = other.sessions.earliest("date")
    refused("workload", services.name_substitute, session=lesson, teacher=paid, by=None)
    refused(
        "workload", services.change_teacher, course=other, teacher=paid, begins_on=SOON, by=None
    )
    extra = {"date": SOON, "begin": time(19), "end": time(21), "lesson_hours": 3}
    refused("workload", services.add_session, course=other, by=None, **extra)
    other.refresh_from_db()
    other.slots.update(lesson_hours=9)
    refused("workload", services.make_sessions, course=other, by=None)


def test_more_than_forty_lesson_hours_a_week_are_refused():
    paid = factories.teacher("Gülten", "Öz")
    services.open_course(course=coming(paid, (1, 2, 3, 4, 5), hours=8), by=None)
    sentence = refused(
        "workload", services.open_course, course=coming(paid, (6,), hours=1), by=None
    )
    assert "41 ders saati" in sentence and "haftada en çok 40" in sentence


def test_the_year_says_how_many_hours_and_only_paid_instructors_are_counted():
    staff = factories.teacher(kind="staff teacher")
    services.open_course(course=coming(staff), by=None)
    services.open_course(course=coming(staff, begin=TWO), by=None)

    year = factories.year()
    year.teacher_daily_hours = 12
    year.save()
    paid = factories.teacher()
    services.open_course(course=coming(paid), by=None)
    services.open_course(course=coming(paid, begin=TWO), by=None)


def test_what_was_agreed_to_before_the_limit_fell_hinders_nothing_else():
    paid, year = factories.teacher(), factories.year()
    course = coming(paid, hours=8)
    services.open_course(course=course, by=None)
    year.teacher_daily_hours = 6
    year.save()
    tuesday = {"date": SOON + timedelta(days=1), "begin": NINE, "end": NOON, "lesson_hours": 4}
    services.add_session(course=course, by=None, **tuesday)
    course = type(course).objects.get()
    assert "günde en çok 6" in services.booking_warnings(course=course)[0]


def test_a_warning_names_each_lesson_that_holds_the_teacher_or_the_room_at_that_time():
    centre = factories.centre()
    room = factories.room(centre)
    teacher = factories.teacher("Sevim", "Ak", kind="staff teacher")
    mine = coming(teacher, centre=centre, room=room)
    for who, where in ((teacher, None), (factories.teacher(), room), (teacher, room)):
        begin = NINE if not where or who != teacher else TWO  # the last one: at another time
        other = coming(who, begin=begin, centre=centre, room=where)
        services.open_course(course=other, by=None)
    said = services.booking_warnings(course=mine)
    weeks = mine.slots.count() * 4
    assert len(said) == 2 * weeks
    assert sum("Sevim Ak" in sentence for sentence in said) == weeks
    assert sum(room.name in sentence for sentence in said) == weeks


def test_lessons_at_the_same_time_cost_no_query_each(django_assert_num_queries):
    for lessons in (1, 3):
        teacher, days = factories.teacher(), range(1, lessons + 1)
        mine = coming(teacher, days)
        services.open_course(course=coming(teacher, days), by=None)
        mine = Course.objects.get(pk=mine.pk)
        with django_assert_num_queries(13):
            assert services.booking_warnings(course=mine)
