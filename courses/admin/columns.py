"""Columns of courses in exports, wherever a row leads to one (izmek/admin/exported.py)."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course, TeacherChange
from courses.queries.courses import count_per_course
from courses.queries.teachers import begun_by
from izmek.admin.exported import Out, together


def course_columns(path=""):
    """Number, name and centre of the course to which a path such as "course__" leads."""
    return (
        Out(f"{path}number", _("course number"), (f"{path}number",)),
        Out(f"{path}name", _("course"), (f"{path}programme__name", f"{path}group"), together),
        Out(f"{path}centre", _("course centre"), (f"{path}centre__name",)),
    )


def teacher_column(course="", *first, day=None):
    """Who teaches the course at a path on a day (a column; today). `first`: names that go before.

    The rule is that of `who_teaches`, for the database.
    """

    def later(name):
        def of_change(user):
            on = OuterRef(day) if day else timezone.localdate()
            begun = TeacherChange.objects.filter(begun_by(on), course=OuterRef(f"{course}pk"))
            return Subquery(begun.order_by("-begins_on").values(f"teacher__{name}")[:1])

        return of_change

    begun = (later("first_name"), later("last_name"))
    parts = (*first, *begun, f"{course}teacher__first_name", f"{course}teacher__last_name")
    return Out(f"{course}teacher_now", _("teacher"), parts, _first_name)


def _first_name(*parts):
    """The first of several names that is there; each has two parts."""
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return next((together(*pair) for pair in pairs if any(pair)), "")


def _seats_held(user):
    enrolments = Course._meta.get_field("enrolments").related_model.objects
    return count_per_course(enrolments.holding_seat())


SEATS_HELD = Out("seats_held", _("seats given"), (_seats_held,))
