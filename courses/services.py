"""The business acts of the courses app: opening, sessions and bookings, changes of teacher.

Each act is keyword-only, takes `by` (a User, or None for the system), is atomic, locks what gets
scarcer and raises `Refusal` with a sentence for people.
"""

from collections import defaultdict
from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from courses.enums import CourseState, DayPart, SessionState
from courses.models import Course, CourseModule, Holiday, Room, Session, Teacher, TeacherChange
from izmek.history import save
from izmek.refusal import Conflict, Refusal

NOON = time(13, 0)  # where a half holiday divides the day


def lock_course(course):
    """The course's row, read again and locked until the transaction ends."""
    return Course.objects.select_for_update(of=("self",)).get(pk=course.pk)


# --- Opening and closing ----------------------------------------------------------------------


@transaction.atomic
def open_course(*, course, by):
    """Open a planned course for application: copy its rules, make its sessions, book them.

    The total lesson hours, modules, pass mark and limit of absence are copied from the programme
    and the education year, so that a later change does not reach people who have signed up
    (DESIGN.md §3). Raises Refusal when it is not planned or has no timetable, Conflict when its
    teacher or room is taken.
    """
    course = lock_course(course)
    if course.state != CourseState.PLANNED:
        raise Refusal(_("Only a planned course can be opened."), code="state")
    if not course.slots.exists() and not course.sessions.exists():
        raise Refusal(_("Enter the weekly timetable first."), code="timetable")
    year = course.term.year
    course.total_hours = course.programme.total_hours
    course.pass_mark = year.pass_mark
    course.absence_limit_numerator = year.absence_limit_numerator
    course.absence_limit_denominator = year.absence_limit_denominator
    course.state = CourseState.OPEN
    course.modules.all().delete()
    if course.programme.module_based:
        CourseModule.objects.bulk_create(
            CourseModule(course=course, name=module.name, hours=module.hours, order=module.order)
            for module in course.programme.modules.all()
        )
    save(course, by=by)
    make_sessions(course=course, by=by)
    book(course=course)
    return course


@transaction.atomic
def start_course(*, course, by):
    """Begin the lessons of an open course. Raises Refusal when it is not open."""
    course = lock_course(course)
    if course.state != CourseState.OPEN:
        raise Refusal(_("Only an open course can be started."), code="state")
    course.state = CourseState.RUNNING
    save(course, by=by)
    return course


@transaction.atomic
def cancel_course(*, course, reason, by):
    """Close a course before its time; its coming sessions are cancelled and hold nobody any more.

    A course that is closed early keeps a reason (DOMAIN.md §3): an empty one is refused.
    """
    course = lock_course(course)
    if course.state in CourseState.over():
        raise Refusal(_("The course is over."), code="state")
    if not reason.strip():
        raise Refusal(_("Give the reason."), field="reason", code="reason")
    course.state, course.state_reason = CourseState.CANCELLED, reason.strip()
    save(course, by=by)
    book(course=course)
    return course


# --- Sessions ---------------------------------------------------------------------------------


def holiday_on(day, begin, holidays):
    """The holiday that takes a lesson beginning at a time of a day, or None."""
    for holiday in holidays:
        if not holiday.begin <= day <= holiday.end:
            continue
        if (
            holiday.part == DayPart.WHOLE
            or (holiday.part == DayPart.MORNING and begin < NOON)
            or (holiday.part == DayPart.AFTERNOON and begin >= NOON)
        ):
            return holiday
    return None


def planned_sessions(course, slots, holidays):
    """The sessions that a timetable gives between a course's dates, holidays left out (unsaved).

    Stops when the programme's total lesson hours are reached; the last one is shortened to fit.
    """
    left = course.total_hours or course.programme.total_hours
    by_day = defaultdict(list)
    for slot in slots:
        by_day[slot.weekday].append(slot)
    day = course.begin
    while day <= course.end and left > 0:
        for slot in sorted(by_day[day.isoweekday()], key=lambda slot: slot.begin):
            if left <= 0 or holiday_on(day, slot.begin, holidays):
                continue
            hours = min(slot.lesson_hours, left)
            left -= hours
            yield Session(
                course=course, date=day, begin=slot.begin, end=slot.end, lesson_hours=hours
            )
        day += timedelta(days=1)


@transaction.atomic
def make_sessions(*, course, by, today=None):
    """Make the sessions of a course from its weekly timetable; returns how many were made.

    Replaces only future sessions that came from the timetable and whose roll was not called; a
    session with a roll or an absence is never touched (DESIGN.md §3). Holidays of the centre and of
    all are left out. Raises Conflict when an open course's teacher or room is taken.
    """
    course = lock_course(course)
    today = today or timezone.localdate()
    # A course that has not begun to be held is made anew from its first day.
    old = course.sessions.replaceable(today).filter(extra=False)
    if not course.sessions.filter(roll_call__isnull=False).exists():
        old = course.sessions.uncalled().filter(absences__isnull=True, extra=False)
    old.delete()
    kept = set(course.sessions.values_list("date", "begin"))
    hours_kept = sum(course.sessions.standing().values_list("lesson_hours", flat=True))
    total = course.total_hours or course.programme.total_hours
    left, made = total - hours_kept, []
    called = course.sessions.filter(roll_call__isnull=False).exists()
    for session in planned_sessions(course, course.slots.all(), holidays_of(course)):
        if (session.date, session.begin) in kept or (called and session.date <= today):
            continue
        if left <= 0:
            break
        session.lesson_hours = min(session.lesson_hours, left)
        left -= session.lesson_hours
        made.append(session)
    Session.objects.bulk_create(made)
    if course.state in CourseState.booking():
        book(course=course)
    return len(made)


def holidays_of(course):
    """The holidays that touch a course: everyone's and its centre's, between its dates."""
    return list(
        Holiday.objects.for_centre(course.centre).filter(
            begin__lte=course.end, end__gte=course.begin
        )
    )


# --- Bookings ---------------------------------------------------------------------------------


def teacher_on(course, day, changes=None):
    """The id of the teacher who teaches the course on a day: the last change begun, else the first."""
    changes = course.teacher_changes.all() if changes is None else changes
    begun = [change for change in changes if change.begins_on <= day]
    latest = max(begun, key=lambda change: change.begins_on, default=None)
    return latest.teacher_id if latest else course.teacher_id


@transaction.atomic
def book(*, course):
    """Make every session of a course hold its teacher and room, or nobody; called by each act.

    Sessions of open and running courses hold; those of planned, finished and cancelled ones do not
    (DESIGN.md §3). Locks the teachers and the room first, so that two acts that book the same one
    come after each other. Raises Conflict naming the other course when one is taken.
    """
    sessions = list(course.sessions.all())
    changes = list(course.teacher_changes.all())
    holds = course.state in CourseState.booking()
    for session in sessions:
        stands = holds and session.state != SessionState.CANCELLED
        session.holds_teacher_id = (
            (session.teacher_id or teacher_on(course, session.date, changes)) if stands else None
        )
        session.holds_room_id = course.room_id if stands else None
    if holds:
        teachers = {s.holds_teacher_id for s in sessions} - {None}
        list(Teacher.objects.select_for_update().filter(pk__in=teachers).order_by("pk"))
        if course.room_id:
            list(Room.objects.select_for_update().filter(pk=course.room_id))
        for clash in clashes(course=course, sessions=sessions):
            raise Conflict(clash, code="booked")
    Session.objects.bulk_update(sessions, ["holds_teacher", "holds_room"], batch_size=200)


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
                "day": date_format(session.date, "j F Y l"),
                "begin": time_format(other.begin, "H.i"),
                "end": time_format(other.end, "H.i"),
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


def booking_warnings(*, course):
    """What would clash if the planned course opened now: a list of sentences, for information."""
    sessions = list(course.sessions.standing())
    changes = list(course.teacher_changes.all())
    for session in sessions:
        session.holds_teacher_id = session.teacher_id or teacher_on(course, session.date, changes)
        session.holds_room_id = course.room_id
    return list(clashes(course=course, sessions=sessions))


@transaction.atomic
def change_teacher(*, course, teacher, begins_on, reason="", by):
    """Let someone else teach the course from a day on; the former teacher loses access that day.

    Raises Conflict when the new teacher is taken at one of the coming sessions.
    """
    course = lock_course(course)
    if course.state in CourseState.over():
        raise Refusal(_("The course is over."), code="state")
    if teacher_on(course, begins_on) == teacher.pk:
        raise Refusal(
            _("%(who)s teaches the course on that day already.") % {"who": teacher},
            field="teacher",
            code="same",
        )
    change = TeacherChange.objects.filter(course=course, begins_on=begins_on).first()
    change = change or TeacherChange(course=course, begins_on=begins_on)
    change.teacher, change.reason = teacher, reason.strip()
    save(change, by=by)
    book(course=course)
    return change


# --- Changes of a course ----------------------------------------------------------------------


@transaction.atomic
def save_course(*, course, by):
    """Save what staff edited on a course and book it anew.

    Raises Refusal at `capacity` when it falls below the seats held plus the offers that stand
    (DESIGN.md §3), Conflict when the new teacher, room or dates clash.
    """
    if course.pk:
        locked = lock_course(course)
        course.state = locked.state
        needed = locked.seats_taken
        if course.capacity < needed:
            raise Refusal(
                _("%(needed)d seats are given or offered; the capacity cannot be smaller."),
                params={"needed": needed},
                field="capacity",
                code="capacity",
            )
    save(course, by=by)
    book(course=course)
    return course
