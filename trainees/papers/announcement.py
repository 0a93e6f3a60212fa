"""The announcement of a course for the notice board: what its public page says, with a QR code to it."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from courses.enums import CourseState, Education
from courses.models import Course
from courses.wording import times_of
from izmek.papers import typst as papers
from izmek.papers.typst import Contents, breakable
from izmek.text.dates import date_range
from izmek.text.languages import capital
from izmek.text.phones import show
from trainees import wording
from trainees.enums import Purpose
from trainees.queries.consents import consenting_teachers

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "announcement.typ"
QR = {"file": "qr.svg"}
LONGEST = 260  # characters of what to bring; the rest is on the page


def can_be_announced(course):
    """Whether the course has a public page and is still to be attended."""
    return course.is_public() and course.state not in CourseState.over()


def announcement(key):
    """The Contents of the paper of the course with this key, which is public."""
    course = (
        Course.objects.public()
        .with_application_period(timezone.now(), timezone.localdate())
        .with_free_seats()
        .with_teacher_on()
        .select_related("programme", "centre__neighbourhood", "term__year")
        .get(pk=key)
    )
    with translation.override("tr"):
        address = f"{settings.SITE_URL}{course.get_absolute_url()}"
        heading = _("Course announcement")
        name = breakable(f"{capital(course.programme.name)} {course.group}".strip())
        return Contents(
            template=TEMPLATE,
            title=f"{heading} – {course}",
            data={
                "name": name,
                "facts": [
                    {"label": label, "value": breakable(value)}
                    for label, value in _facts(course)
                    if value
                ],
                "apply": [breakable(line) for line in _how_to_apply(course)],
                "words": {
                    "above": _("Free course"),
                    "online": _("Apply and read more"),
                    "qr": _("QR code: the page of the course"),
                },
                "qr": QR,
                "url": address,
                "address": address.partition("://")[2].rstrip("/"),
            },
            pictures={QR["file"]: partial(papers.qr, address)},
        )


def _facts(course):
    centre, programme = course.centre, course.programme
    teacher = consenting_teachers(Purpose.NAME_WEB).filter(pk=course.teacher_now_id).first()
    hours = (
        _("%(hours)d lesson hours") % {"hours": course.total_hours} if course.total_hours else ""
    )
    where = [centre.name, centre.address]
    if str(centre.neighbourhood) not in f"{centre.name} {centre.address}":
        where.append(str(centre.neighbourhood))
    yield _("Dates"), date_range(course.begin, course.end)
    yield _("Lessons"), times_of(course, course.slots.all())
    yield _("Where"), ", ".join(filter(None, where))
    yield _("Length"), hours
    yield _("Teacher"), str(teacher or "")
    yield _("For whom"), _for_whom(programme)
    yield _("What to bring"), _shortened(programme.bring)


def _for_whom(programme):
    said = [_("from the age of %(age)d") % {"age": programme.minimum_age}]
    if programme.minimum_education != Education.NONE:
        said.append(
            _("at least: %(education)s") % {"education": programme.get_minimum_education_display()}
        )
    return capital(", ".join(said))


def _how_to_apply(course):
    """Seats on this day, until when, and where to ask: what is said first is the most important."""
    if course.takes_applications:
        if course.free:
            yield f"{date_format(timezone.localdate(), 'j F Y')}: {wording.seats(course)}"
        else:
            yield _("All seats are given; you can be put on the waiting list.")
        until = wording.moment(course.applications_until)
        if until:
            yield _("Apply by: %(until)s") % {"until": until}
    elif opens := wording.opening(course):
        yield _("Applications begin: %(opens)s") % {"opens": opens}
    else:
        yield _("Ask the course centre whether a seat is free.")
    if course.centre.phone:
        yield _("Phone: %(phone)s") % {"phone": show(course.centre.phone)}


def _shortened(text):
    text = " ".join(normalize_newlines(text).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
