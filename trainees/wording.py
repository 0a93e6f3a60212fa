"""What public pages tell of a course in words."""

from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import CourseState, Education
from courses.wording import times_of
from izmek.text.dates import date_range


def status(course):
    """(words, kind of tag) of a course `with_application_period()` and `with_free_seats()`."""
    if course.state == CourseState.CANCELLED:
        return _("Cancelled"), "last"
    if course.state == CourseState.FINISHED:
        return _("Over"), "past"
    if course.takes_applications:
        return (_("Seats free"), "now") if course.free else (_("Waiting list"), "soon")
    return _("No applications now"), "past"


def seats(course):
    """How many seats are free, or how many people wait, in words."""
    if course.free:
        free = ngettext("%(free)d free", "%(free)d free", course.free) % {"free": course.free}
        return _("%(free)s of %(capacity)d") % {"free": free, "capacity": course.capacity}
    if course.waiting_count:
        return ngettext(
            "All given; %(count)d person waits",
            "All given; %(count)d people wait",
            course.waiting_count,
        ) % {"count": course.waiting_count}
    return _("All given; nobody waits yet")


def moment(when):
    """A date with weekday and the time of day; "" for none."""
    return date_format(localtime(when), "LONG_DATETIME_FORMAT") if when else ""


def opening(course):
    """When applications begin, where that is still to come; else ""."""
    begin = course.applications_from
    return moment(begin) if begin and begin > now() else ""


def course_facts(course, *, slots, teacher):
    """When, how long, with whom: [(label, value)], empty ones to be left out.

    `teacher`: the name that may be printed, or "".
    """
    taking = course.takes_applications
    return [
        (_("Dates"), date_range(course.begin, course.end)),
        (_("Lessons"), times_of(course, slots)),
        (_("Lesson hours"), course.total_hours),
        (_("Teacher"), teacher),
        (_("Seats"), seats(course) if taking else ""),
        (_("Apply by"), moment(course.applications_until) if taking else ""),
    ]


def conditions(course):
    """What the programme and the year ask, as sentences."""
    programme, year = course.programme, course.term.year
    sentences = [
        _("You are at least %(age)d years old when the course begins.")
        % {"age": programme.minimum_age},
    ]
    if programme.minimum_age < 18:
        sentences.append(_("Under 18 you need your parent's or guardian's permission."))
    if programme.minimum_education != Education.NONE:
        sentences.append(
            _("Your education is at least: %(education)s.")
            % {"education": programme.get_minimum_education_display()}
        )
    sentences.append(
        ngettext(
            "You attend at most %(count)d course at a time.",
            "You attend at most %(count)d courses at a time, and their hours do not clash.",
            year.max_courses,
        )
        % {"count": year.max_courses}
    )
    allowed = course.total_hours * course.absence_limit_numerator
    sentences.append(
        _("You may miss at most %(hours)d of the %(total)d lesson hours.")
        % {"hours": allowed // course.absence_limit_denominator, "total": course.total_hours}
    )
    return sentences
