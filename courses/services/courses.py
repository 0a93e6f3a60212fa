"""A course from opening to its end."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import rights
from courses.enums import CourseState, SessionState
from courses.models import Course, CourseModule
from courses.queries.teachers import teacher_on
from courses.services.bookings import book, clashes, overloads
from courses.services.lessons import make_sessions, sessions_anew
from courses.services.locks import lock_course
from courses.services.signals import course_cancelled, seats_changed
from izmek.acts.bulk import bulk_update
from izmek.acts.refusal import Refusal, given_reason
from izmek.acts.saving import save


def booking_warnings(*, course):
    """What would be refused if the planned course opened now: a list of sentences, for information.

    Asked of the lessons that opening will make, be there none yet or others from an older timetable.
    """
    kept, made = sessions_anew(course)
    sessions = kept + made
    changes = list(course.teacher_changes.all())
    for session in sessions:
        session.holds_teacher_id = session.teacher_id or teacher_on(course, session.date, changes)
        session.holds_room_id = course.room_id
    return [
        *clashes(course=course, sessions=sessions),
        *overloads(course=course, sessions=sessions, gained=sessions),
    ]


@transaction.atomic
def open_course(*, course, by):
    """Open a planned course for application: copy its rules, make its sessions, book them.

    The total lesson hours, modules, pass mark and limit of absence are copied from the programme
    and the education year, so that a later change does not reach people who have signed up
    (DESIGN.md §3). Raises Refusal when it is not planned, has no timetable or gives its teacher more
    hours than she may have, Conflict when its teacher or room is taken.
    """
    rights.require(by, "open_course", course)
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
    rights.require(by, "start_course", course)
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
    rights.require(by, "cancel_course", course)
    course = lock_course(course)
    if course.state in CourseState.over():
        raise Refusal(_("The course is over."), code="state")
    course.state, course.state_reason = CourseState.CANCELLED, given_reason(reason)
    save(course, by=by, reason=course.state_reason)
    book(course=course)
    coming = list(course.sessions.not_cancelled().uncalled().filter(date__gte=timezone.localdate()))
    for session in coming:
        session.state, session.state_reason = SessionState.CANCELLED, course.state_reason
    bulk_update(coming, ["state", "state_reason"], by=by)
    course_cancelled.send(Course, course=course, by=by)
    return course


@transaction.atomic
def set_finished(*, course, by):
    """End a running course, which then holds no teacher and no room.

    The outcomes of its trainees are the business of the app above: people finish a course by
    `trainees.services.finish_course`, which calls this. Raises Refusal when it is not running.
    """
    rights.require(by, "set_finished", course)
    course = lock_course(course)
    if course.state != CourseState.RUNNING:
        raise Refusal(_("Only a running course can be finished."), code="state")
    course.state = CourseState.FINISHED
    save(course, by=by)
    book(course=course)
    return course


@transaction.atomic
def set_running_again(*, course, reason, by):
    """Take back the end of a course (`trainees.services.reopen_course` calls this).

    Raises Refusal when it is not finished or no reason is given, Conflict when its teacher or room
    has been taken at one of its sessions since.
    """
    rights.require(by, "set_running_again", course)
    course = lock_course(course)
    if course.state != CourseState.FINISHED:
        raise Refusal(_("Only a finished course can be reopened."), code="state")
    course.state = CourseState.RUNNING
    save(course, by=by, reason=given_reason(reason))
    book(course=course)
    return course


@transaction.atomic
def save_course(*, course, by):
    """Save what staff edited on a course and book it anew.

    Raises Refusal at `capacity` when it falls below the seats held plus the offers that stand
    (DESIGN.md §3), Conflict when the new teacher, room or dates clash. A capacity that has grown
    is offered to whoever waits (`seats_changed`).
    """
    rights.require(by, "save_course", course if course.pk else None)
    rights.require(by, "place_course", course.centre)
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
    seats_changed.send(Course, course=course, by=by)
    return course
