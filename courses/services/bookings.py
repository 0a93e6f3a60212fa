"""Who and what a session occupies: a teacher or a room twice at the same time is refused.

So are more lesson hours than a paid instructor may teach in a day or a week."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from courses.enums import CourseState, SessionState, TeacherKind
from courses.models import Room, Session, Teacher
from courses.queries.teachers import teacher_on
from izmek.acts.refusal import Conflict, Refusal

SIX_DAYS = timedelta(days=6)  # from Monday to Sunday


@transaction.atomic
def book(*, course):
    """Make every session of a course hold its teacher and room, or nobody; called by each act.

    Sessions of open and running courses hold; those of planned, finished and cancelled ones do not
    (DESIGN.md §3). Locks the teachers and the room first, so that two acts that book the same one
    come after each other. Raises Conflict naming the other course when one is taken, Refusal naming
    the day or the week when a paid instructor would teach more than she may (`overloads`).
    """
    sessions = list(course.sessions.all())
    changes = list(course.teacher_changes.all())
    holds = course.state in CourseState.booking()
    held = {session.pk: (session.holds_teacher_id, session.holds_room_id) for session in sessions}
    for session in sessions:
        stands = holds and session.state != SessionState.CANCELLED
        session.holds_teacher_id = (
            (session.teacher_id or teacher_on(course, session.date, changes)) if stands else None
        )
        session.holds_room_id = course.room_id if stands else None
    if holds:
        teachers = {s.holds_teacher_id for s in sessions} - {None}
        # No-key locks: rows that point to a teacher meanwhile neither wait nor can they deadlock.
        list(Teacher.objects.select_for_update(no_key=True).filter(pk__in=teachers).order_by("pk"))
        if course.room_id:
            list(Room.objects.select_for_update(no_key=True).filter(pk=course.room_id))
        for clash in clashes(course=course, sessions=sessions):
            raise Conflict(clash, code="booked")
        gained = [s for s in sessions if s.holds_teacher_id != held[s.pk][0]]
        for overload in overloads(course=course, sessions=sessions, gained=gained):
            raise Refusal(overload, code="workload")
    changed = defaultdict(list)
    for session in sessions:
        holding = session.holds_teacher_id, session.holds_room_id
        if holding != held[session.pk]:
            changed[holding].append(session.pk)
    for (teacher, room), ids in changed.items():
        Session.objects.filter(pk__in=ids).update(holds_teacher=teacher, holds_room=room)


def clashes(*, course, sessions):
    """Sentences on each teacher or room that is taken twice by the given sessions and others.

    Asked with what the sessions would hold (`holds_…` set, saved or not); for a planned course it
    gives the warnings, for an open one the refusal.
    """
    wanted = [s for s in sessions if s.holds_teacher_id or s.holds_room_id]
    if not wanted:
        return
    taken = defaultdict(list)
    others = (
        Session.objects.exclude(course=course)
        .filter(date__in={s.date for s in wanted})
        .exclude(holds_teacher=None, holds_room=None)
        .select_related("course__programme", "course__centre", "holds_teacher", "holds_room")
    )
    for other in others:
        taken[other.date].append(other)
    for session in wanted:
        for other in taken[session.date]:
            if other.begin >= session.end or other.end <= session.begin:
                continue
            when = {
                "day": date_format(session.date, "LONG_DATE_FORMAT"),
                "begin": time_format(other.begin),
                "end": time_format(other.end),
                "course": str(other.course),
            }
            if session.holds_teacher_id and session.holds_teacher_id == other.holds_teacher_id:
                yield _(
                    "The teacher %(who)s has a lesson of “%(course)s” on %(day)s, %(begin)s-%(end)s."
                ) % {**when, "who": other.holds_teacher}
            if session.holds_room_id and session.holds_room_id == other.holds_room_id:
                yield _(
                    "The room %(room)s is taken by “%(course)s” on %(day)s, %(begin)s-%(end)s."
                ) % {**when, "room": other.holds_room.name}


def overloads(*, course, sessions, gained):
    """Sentences on each day and week in which a paid instructor would teach more than she may.

    The year of the course says how many lesson hours (DOMAIN.md §3). `sessions`: all of the course,
    with what they would hold. `gained`: those of them that she does not hold yet; only their days
    and weeks are judged, and only from today on: what was held or agreed to is not undone by
    refusing something else.
    """
    today, year = timezone.localdate(), course.term.year
    gained = [s for s in gained if s.holds_teacher_id and s.date >= today]
    paid = Teacher.objects.filter(
        pk__in={s.holds_teacher_id for s in gained}, kind=TeacherKind.PAID_INSTRUCTOR
    )
    for teacher in paid.order_by("pk"):
        new = [s for s in gained if s.holds_teacher_id == teacher.pk]
        days = {s.date for s in new}
        weeks = {_monday(day) for day in days}
        hours = Counter()
        for day, lesson_hours in _lessons_of(teacher, course, sessions, weeks):
            hours[day] += lesson_hours
            hours["week", _monday(day)] += lesson_hours
        for day in sorted(days):
            if hours[day] > year.teacher_daily_hours:
                yield _(
                    "%(who)s would teach %(hours)d lesson hours on %(day)s; a paid instructor "
                    "teaches at most %(most)d a day."
                ) % {
                    "who": teacher,
                    "hours": hours[day],
                    "day": date_format(day, "LONG_DATE_FORMAT"),
                    "most": year.teacher_daily_hours,
                }
        for monday in sorted(weeks):
            if hours["week", monday] > year.teacher_weekly_hours:
                yield _(
                    "%(who)s would teach %(hours)d lesson hours in the week of %(monday)s; a paid "
                    "instructor teaches at most %(most)d a week."
                ) % {
                    "who": teacher,
                    "hours": hours["week", monday],
                    "monday": date_format(monday, "LONG_DATE_FORMAT"),
                    "most": year.teacher_weekly_hours,
                }


def _monday(day):
    return day - timedelta(days=day.weekday())


def _lessons_of(teacher, course, sessions, weeks):
    """(day, lesson hours) of what a teacher has in some weeks, given as their Mondays."""
    last = min(max(weeks), date.max - SIX_DAYS) + SIX_DAYS  # the calendar's last week is shorter
    others = Session.objects.exclude(course=course).filter(
        holds_teacher=teacher, date__gte=min(weeks), date__lte=last
    )
    yield from others.values_list("date", "lesson_hours")
    for session in sessions:
        if session.holds_teacher_id == teacher.pk:
            yield session.date, session.lesson_hours
