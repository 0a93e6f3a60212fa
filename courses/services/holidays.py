"""Holidays: entering, changing and deleting one, and who is told of the lessons that it takes."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses import rights
from courses.models import Course, Holiday, Session
from courses.services.signals import lessons_changed
from izmek.acts.saving import save


@transaction.atomic
def save_holiday(*, holiday, by, reason=""):
    """Save a new or changed holiday; those whose coming lessons it takes or frees are told."""
    rights.require(by, "save_holiday")
    days = _days_of(holiday, Holiday.objects.filter(pk=holiday.pk).first())
    before = _coming(days)
    save(holiday, by=by, reason=reason)
    _tell(before, _coming(days), holiday, by)
    return holiday


@transaction.atomic
def delete_holiday(*, holiday, by):
    """Delete a holiday; those whose coming lessons take place after all are told."""
    rights.require(by, "delete_holiday")
    days = _days_of(holiday)
    before = _coming(days)
    holiday._history_user = by
    holiday.delete()
    _tell(before, _coming(days), holiday, by)


def _days_of(*holidays):
    days = Q(pk__in=[])
    for holiday in filter(None, holidays):
        days |= Q(date__gte=holiday.begin, date__lte=holiday.end)
    return days


def _coming(days):
    """The lessons from today on that take place on some days, of open and running courses, by key."""
    lessons = Session.objects.taking_place().filter(
        days, date__gte=timezone.localdate(), course__in=Course.objects.booking()
    )
    return {lesson.pk: lesson for lesson in lessons.order_by("date", "begin")}


def _tell(before, after, holiday, by):
    gone = [lesson for key, lesson in before.items() if key not in after]
    new = [lesson for key, lesson in after.items() if key not in before]
    courses = Course.objects.filter(pk__in={lesson.course_id for lesson in gone + new})
    for course in courses.select_related("programme", "centre").order_by("pk"):
        lessons_changed.send(
            Session,
            course=course,
            gone=[lesson for lesson in gone if lesson.course_id == course.pk],
            new=[lesson for lesson in new if lesson.course_id == course.pk],
            reason=holiday.name,
            weekly=False,
            by=by,
        )
