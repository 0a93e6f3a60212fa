"""A change of teacher."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses import services
from tests import factories
from tests.courses.services.planning import MONDAY, added, planned
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_from_the_day_of_the_change_the_new_teacher_is_booked():
    course = planned()
    services.open_course(course=course, by=None)
    new = factories.teacher("Sevim", "Ak")
    begins_on = MONDAY + timedelta(weeks=2)
    services.change_teacher(course=course, teacher=new, begins_on=begins_on, by=None)
    holders = [session.holds_teacher for session in course.sessions.all()]
    assert holders == [course.teacher] * 2 + [new] * 3
    refused(
        "same", services.change_teacher, course=course, teacher=new, begins_on=begins_on, by=None
    )


def test_nobody_takes_a_course_over_once_it_has_ended():
    course = planned()
    new, late = factories.teacher("Sevim", "Ak"), course.end + timedelta(days=1)
    sentence = refused(
        "date", services.change_teacher, course=course, teacher=new, begins_on=late, by=None
    )
    assert "11 Mayıs 2026" in sentence
    added(course, date=late)  # a make-up lesson is given by somebody
    services.change_teacher(course=course, teacher=new, begins_on=late, by=None)


def test_a_lesson_that_once_slipped_into_the_last_week_of_all_hinders_nothing():
    course, new = factories.course(), factories.teacher("Sevim", "Ak")
    factories.session(course, date.max)
    services.change_teacher(course=course, teacher=new, begins_on=timezone.localdate(), by=None)
    assert course.sessions.get().holds_teacher == new
