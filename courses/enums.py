from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

NOON = time(13, 0)  # where a half holiday divides the day


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

    @classmethod
    def half(cls, begin):
        """The half of the day that a lesson beginning at a time belongs to."""
        return cls.MORNING if begin < NOON else cls.AFTERNOON


class Weekday(models.IntegerChoices):
    """Days as `date.isoweekday()` counts them; the week begins on Monday."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


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
