"""The booking of teachers and rooms: neither can have two lessons at the same time.

A paid instructor's limit of lesson hours for a day and a week is checked here too.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
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
    """Set whether each session of a course holds its teacher and room; every act calls this.

    Sessions of open and running courses hold them; those of planned, finished and cancelled courses
    do not (DESIGN.md §3). Locks the teachers and the room first, so that two acts with the same
    teacher or room run one after the other. Raises Conflict with the name of the other course when
    one is taken, and Refusal with the day or week when a paid instructor would have too many hours
    (`overloads`).
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
        # Locks without key: rows that refer to a teacher do not wait for them and cannot deadlock.
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
    """Sentences on each teacher or room that two lessons use at the same time.

    The given sessions, saved or not, have their future `holds_…` values. For a planned course the
    sentences are warnings, for an open one a refusal.
    """
    wanted = [s for s in sessions if s.holds_teacher_id or s.holds_room_id]
    if not wanted:
        return
    teachers = {s.holds_teacher_id for s in wanted} - {None}
    rooms = {s.holds_room_id for s in wanted} - {None}
    others = Session.objects.exclude(course=course).filter(
        Q(holds_teacher__in=teachers) | Q(holds_room__in=rooms), date__in={s.date for s in wanted}
    )
    taken = defaultdict(list)
    for pk, day, *rest in others.values_list(
        "pk", "date", "begin", "end", "holds_teacher", "holds_room"
    ):
        taken[day].append((pk, *rest))
    found = []
    for session in wanted:
        for pk, begin, end, teacher, room in taken[session.date]:
            if begin >= session.end or end <= session.begin:
                continue
            same_teacher = teacher is not None and teacher == session.holds_teacher_id
            same_room = room is not None and room == session.holds_room_id
            found.append((pk, same_teacher, same_room))
    told = Session.objects.select_related(
        "course__programme", "course__centre", "holds_teacher", "holds_room"
    ).in_bulk({pk for pk, *_same in found})
    for pk, same_teacher, same_room in found:
        other = told.get(pk)
        if other is None:  # replaced meanwhile by those of another timetable
            continue
        when = {
            "day": date_format(other.date, "LONG_DATE_FORMAT"),
            "begin": time_format(other.begin),
            "end": time_format(other.end),
            "course": str(other.course),
        }
        if same_teacher:
            yield _(
                "The teacher %(who)s has a lesson of “%(course)s” on %(day)s, %(begin)s-%(end)s."
            ) % {**when, "who": other.holds_teacher}
        if same_room:
            yield _("The room %(room)s is taken by “%(course)s” on %(day)s, %(begin)s-%(end)s.") % {
                **when,
                "room": other.holds_room.name,
            }


def overloads(*, course, sessions, gained):
    """Sentences on each day and week in which a paid instructor would have too many lesson hours.

    The limits are in the course's education year (DOMAIN.md §3). `sessions`: all sessions of the
    course with their future values. `gained`: those that the instructor does not hold yet. Only
    their days and weeks are checked, and only from today on: a refusal could not undo older ones.
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
    """(day, lesson hours) of a teacher in some weeks, given by their Mondays."""
    # the last week before `date.max` is shorter
    last = min(max(weeks), date.max - SIX_DAYS) + SIX_DAYS
    others = Session.objects.exclude(course=course).filter(
        holds_teacher=teacher, date__gte=min(weeks), date__lte=last
    )
    yield from others.values_list("date", "lesson_hours")
    for session in sessions:
        if session.holds_teacher_id == teacher.pk:
            yield session.date, session.lesson_hours
