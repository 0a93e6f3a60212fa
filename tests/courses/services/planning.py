"""What the tests of the courses' services share."""

from datetime import date, time, timedelta

from django.utils import timezone

from courses import services
from courses.enums import CourseState
from courses.models import TimetableSlot
from tests import factories

MONDAY = date(2026, 3, 2)


NINE, NOON, TWO = time(9), time(12), time(14)


def planned(**fields):
    """A planned course of ten weeks with a lesson of four hours every Monday from 9 to 12."""
    year = factories.year(date(2025, 9, 1))
    fields.setdefault("term", factories.term(year))
    fields.setdefault("begin", MONDAY)
    fields.setdefault("end", MONDAY + timedelta(weeks=10))
    fields.setdefault("programme", factories.programme(total_hours=20))
    course = factories.course(CourseState.PLANNED, **fields)
    TimetableSlot.objects.create(course=course, weekday=1, begin=NINE, end=NOON, lesson_hours=4)
    return course


def days(course):
    return list(course.sessions.not_cancelled().values_list("date", flat=True))


def added(course, **fields):
    facts = {"date": MONDAY + timedelta(days=1), "begin": TWO, "end": time(16), "lesson_hours": 3}
    return services.add_session(course=course, by=None, **facts | fields)


SOON = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())  # a Monday


def coming(teacher, weekdays=(1,), begin=NINE, hours=6, **fields):
    """A planned course of the coming weeks with lessons of so many hours on some weekdays."""
    course = factories.course(
        CourseState.PLANNED,
        teacher=teacher,
        begin=SOON,
        end=SOON + timedelta(weeks=3),
        **fields,
    )
    for day in weekdays:
        end = time(begin.hour + 4)
        course.slots.create(weekday=day, begin=begin, end=end, lesson_hours=hours)
    return course
