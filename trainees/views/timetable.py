"""A course's lessons as a calendar file for phones and computers (iCalendar)."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from courses.models import Course, Holiday
from courses.services import teacher_on
from izmek.public.cache import cached
from izmek.public.changes import latest, with_change
from izmek.public.enums import Area
from izmek.public.ics import Event, calendar_response, local
from izmek.public.page import reading
from trainees.enums import Purpose
from trainees.queries.consents import consenting_teachers


@reading
@cached(Area.COURSES, Area.LESSONS)
def timetable(request, pk):
    """All lessons of a course; cancelled ones stay in it, marked as cancelled."""
    rows = Course.objects.public().select_related("programme", "centre__neighbourhood", "room")
    course = get_object_or_404(rows, pk=pk)
    url = request.build_absolute_uri(course.get_absolute_url())
    return calendar_response(
        f"{course.public_name} – {course.centre.name}",
        lesson_events(course, url),
        f"kurs-{course.pk}.ics",
    )


def lesson_events(course, url):
    """The lessons as events, by date. The UID comes from the date and time, not from the row's key.

    A new timetable creates all future rows again; unchanged lessons keep their UID this way.
    """
    sessions = course.sessions.with_holiday().order_by("date", "begin")
    sessions = list(with_change(sessions, *_changes_of(course)))
    teachers = _teachers(course, sessions)
    title, place = course.public_name, _place(course)
    return [
        Event(
            key=f"kurs-{course.pk}-{session.date:%Y%m%d}T{session.begin:%H%M}",
            title=title,
            begin=local(session.date, session.begin),
            end=local(session.date, session.end),
            place=place,
            text=teachers[session.pk],
            url=url,
            cancelled=not session.takes_place,
            changed_at=session.changed_at,
        )
        for session in sessions
    ]


def _changes_of(course):
    """The latest changes of what every lesson shows: the course, its teachers, the holidays."""
    teachers = course.teacher_changes.model.history.filter(course=course.pk)
    return [latest(rows) for rows in (course.history.all(), teachers, Holiday.history.all())]


def _teachers(course, sessions):
    """{key of a session: its teacher}, "" for teachers who do not want their name on the web."""
    changes = list(course.teacher_changes.all())
    gives = {
        session.pk: session.teacher_id or teacher_on(course, session.date, changes)
        for session in sessions
    }
    named = consenting_teachers(Purpose.NAME_WEB).filter(pk__in=set(gives.values()))
    lines = {teacher.pk: _("Teacher: %(who)s") % {"who": teacher} for teacher in named}
    return {session: lines.get(teacher, "") for session, teacher in gives.items()}


def _place(course):
    centre, room = course.centre, course.room
    parts = [centre.name, room and room.name, centre.address, centre.neighbourhood.name]
    return ", ".join(part for part in [*parts, centre.neighbourhood.district] if part)
