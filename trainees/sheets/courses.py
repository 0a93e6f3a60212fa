"""The lists of one course: with phones, and to sign in each lesson."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from izmek.sheets.writing import SheetTable
from izmek.text.phones import show

BLANK_COLUMNS = 10  # to sign in where no lesson is known


def class_list(course, seats, teacher):
    """Who attends, how they and their guardians are reached.

    `seats`: with their trainees and the guardians of these, as the reader sees them, in order.
    """
    headings = [
        _("No."),
        _("First name"),
        _("Last name"),
        _("Phone"),
        _("E-mail"),
        _("Date of birth"),
        _("Neighbourhood"),
        _("Guardian"),
        _("Guardian’s phone"),
        _("Joined on"),
        _("Absent lesson hours"),
    ]
    rows = [
        [
            number,
            seat.trainee.first_name,
            seat.trainee.last_name,
            show(seat.trainee.phone),
            seat.trainee.email,
            seat.trainee.birth_date,
            seat.trainee.neighbourhood and seat.trainee.neighbourhood.name,
            ", ".join(f"{one.name} ({one.relation})" for one in _guardians(seat.trainee)),
            ", ".join(filter(None, (show(one.phone) for one in _guardians(seat.trainee)))),
            seat.joined_on,
            seat.absent,
        ]
        for number, seat in enumerate(seats, 1)
    ]
    return SheetTable(_("Class list"), headings, rows, above=heading_of(course, teacher))


def _guardians(trainee):
    """Those of who is under 18, or has no phone: as for a call (`phones_of`)."""
    known = trainee.__dict__["birth_date"]  # masked it is no date, and an auditor calls nobody
    minor = not isinstance(known, str) and trainee.is_minor()
    return trainee.guardians.all() if minor or not trainee.phone else ()


def sign_in_list(course, seats, lessons, teacher):
    """Names, and a box for each lesson: HEM's sign-in sheet (imza listesi) of one month."""
    days = [f"{one.date:%d.%m} {date_format(one.date, 'D')} {one.begin:%H.%M}" for one in lessons]
    days = days or [""] * BLANK_COLUMNS
    rows = [[number, str(seat.trainee), *[""] * len(days)] for number, seat in enumerate(seats, 1)]
    return SheetTable(
        _("Sign-in sheet"),
        [_("No."), _("Trainee"), *days],
        rows,
        above=heading_of(course, teacher),
        to_write_in=True,
    )


def heading_of(course, teacher):
    """What is printed above each page: HEM's headings (DOMAIN.md §3)."""
    dates = f"{course.begin:%d.%m.%Y} – {course.end:%d.%m.%Y}"
    number = _("Course number %(number)s") % {"number": course.number} if course.number else ""
    return " · ".join(filter(None, [str(course), number, str(teacher), dates]))
