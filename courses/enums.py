from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

NOON = time(13, 0)  # where a half holiday divides the day
EVENING = time(17, 0)  # what begins from here on suits those who work in the daytime


class TeacherKind(models.TextChoices):
    STAFF_TEACHER = "staff teacher", _("staff teacher")
    STAFF_INSTRUCTOR = "staff instructor", _("staff instructor")
    PAID_INSTRUCTOR = "paid instructor", _("paid instructor")


class Education(models.TextChoices):
    """Level of education, for a programme's entry condition and a trainee's record."""

    NONE = "0", _("none")
    LITERATE = "1", _("literate")
    PRIMARY = "2", _("primary school")
    LOWER_SECONDARY = "3", _("lower secondary school")
    UPPER_SECONDARY = "4", _("upper secondary school")
    ASSOCIATE = "5", _("associate degree")
    BACHELOR = "6", _("bachelor's degree")
    POSTGRADUATE = "7", _("postgraduate degree")


class DayPart(models.TextChoices):
    """Which part of its days a holiday takes; the afternoon begins at 13.00."""

    WHOLE = "whole", _("whole day")
    MORNING = "morning", _("until 13.00")
    AFTERNOON = "afternoon", _("from 13.00")


class Weekday(models.IntegerChoices):
    """Days as `date.isoweekday()` counts them; the week begins on Monday."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class LessonTime(models.TextChoices):
    """When all lessons of a course are held, as people look for one; the values stand in addresses."""

    MORNING = "sabah", _("weekday mornings")
    DAY = "gunduz", _("weekdays, in the daytime")
    EVENING = "aksam", _("weekday evenings")
    WEEKEND = "hafta-sonu", _("at the weekend")

    def holds(self, weekday, begin, end):
        """Whether a lesson on a weekday (1-7) from `begin` to `end` is at this time."""
        if self == LessonTime.WEEKEND or weekday > Weekday.FRIDAY:
            return self == LessonTime.WEEKEND and weekday > Weekday.FRIDAY
        if self == LessonTime.EVENING:
            return begin >= EVENING
        return end <= NOON if self == LessonTime.MORNING else begin < EVENING


class CourseState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("open for application")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")

    @classmethod
    def booking(cls):
        """States in which a course's sessions hold their teacher and room."""
        return (cls.OPEN, cls.RUNNING)

    @classmethod
    def enrolling(cls):
        """States in which a seat can be given."""
        return (cls.OPEN, cls.RUNNING)

    @classmethod
    def over(cls):
        return (cls.FINISHED, cls.CANCELLED)


class SessionState(models.TextChoices):
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")
