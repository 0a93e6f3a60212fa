"""What pages tell of a course, an application, a seat and a hidden person in words."""

from unicodedata import normalize

from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.enums import CourseState, Education
from courses.wording import times_of
from izmek.text import masks
from izmek.text.dates import date_range
from trainees.enums import ApplicationState, CertificateState, EnrolmentState, Purpose

# What somebody is asked, in words for them; the enums have those for staff.
QUESTIONS = {
    Purpose.NAME_LABEL: gettext_lazy("May your name stand on the label beside your work?"),
    Purpose.NAME_WEB: gettext_lazy("May your name stand beside your work on the web site?"),
    Purpose.PHOTO: gettext_lazy("May you be recognisable on photos that are shown?"),
    Purpose.CONTACT: gettext_lazy("May we tell you of coming courses by SMS or e-mail?"),
}


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


APPLICATIONS = {
    ApplicationState.RECEIVED: "soon",
    ApplicationState.OFFERED: "last",
    ApplicationState.ENROLLED: "now",
    ApplicationState.EXPIRED: "past",
    ApplicationState.LAPSED: "past",
    ApplicationState.DECLINED: "past",
    ApplicationState.WITHDRAWN: "past",
    ApplicationState.REFUSED: "past",
}
SEATS = {
    EnrolmentState.ENROLLED: "now",
    EnrolmentState.COMPLETED: "now",
    EnrolmentState.TRANSCRIPT: "last",
    EnrolmentState.FAILED: "wrong",
    EnrolmentState.ABSENT: "wrong",
    EnrolmentState.CANCELLED: "last",
}


def seat_status(enrolment):
    """(words, kind of tag) of a seat."""
    return enrolment.get_state_display(), SEATS.get(enrolment.state, "past")


def standing(application):
    """(words, kind of tag) of an application `with_position()`, as staff speak of it."""
    if application.has_expired:
        return ApplicationState.EXPIRED.label, "past"
    if application.has_lapsed:
        return ApplicationState.LAPSED.label, "past"
    if application.state == ApplicationState.OFFERED:
        if application.offer_until:
            until = date_format(localtime(application.offer_until), "SHORT_DATETIME_FORMAT")
            return _("seat offered until %(until)s") % {"until": until}, "soon"
        return _("seat offered, to be told by telephone"), "last"
    if application.is_unconfirmed:
        return _("not confirmed, place %(place)d") % {"place": application.position}, "last"
    if application.state == ApplicationState.RECEIVED:
        return _("waiting list, place %(place)d") % {"place": application.position}, "soon"
    return application.get_state_display(), "past"


def masked_name(trainee):
    """A trainee's name for users who may not see the trainee: `E*** Y***`."""
    return " ".join(f"{word[0]}{masks.HIDDEN}" for word in str(trainee).split())


def about(trainee):
    """A short description for users who may not open the record: enough to recognise the person."""
    known = [masked_name(trainee)]
    if trainee.birth_date:
        known.append(str(trainee.birth_date.year))
    if trainee.phone:
        known.append(f"… {str(trainee.phone.national_number)[-2:]}")
    return ", ".join(known)


def certificate_status(certificate):
    """(words, kind of tag) of a certificate, for whoever checks it."""
    return {
        CertificateState.VALID: (_("Valid"), "now"),
        CertificateState.REPLACED: (_("Replaced"), "last"),
        CertificateState.REVOKED: (_("Revoked"), "last"),
    }[certificate.state]


def course_of(certificate):
    """Its programme as it was frozen; behind it what tells parallel groups apart: `Ebru B (41-1234)`."""
    course = certificate.enrolment.course
    number = f"({course.number})" if course.number else ""
    return " ".join(filter(None, [certificate.content["programme"], course.group, number]))


def initials(name):
    """The first letter of each word of a name: `Z. K.`; "" of none."""
    words = normalize("NFC", name).split()
    return " ".join(f"{word[0]}." for word in words if word[0].isalpha())
