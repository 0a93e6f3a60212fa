"""A course from its opening to its end."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import rights
from courses.enums import CourseState, SessionState
from courses.models import Course, CourseModule, TimetableSlot
from courses.queries.teachers import teacher_on
from courses.services.bookings import book, clashes, overloads
from courses.services.lessons import make_sessions, replace_sessions, sessions_anew
from courses.services.locks import lock_course
from courses.services.signals import course_cancelled, dates_changed, room_changed, seats_changed
from izmek.acts.bulk import bulk_update
from izmek.acts.refusal import Refusal, given_reason, given_text
from izmek.acts.saving import save


def booking_warnings(*, course):
    """What would be refused if the planned course opened now: sentences, for information.

    Uses the lessons that the opening would make, whatever lessons exist now.
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
    """Open a planned course for applications: copy its rules, make its sessions, book them.

    The total lesson hours, modules, pass mark and absence limit are copied from the programme and
    the education year. Later changes there do not affect people who have applied (DESIGN.md §3).
    Raises Refusal when the course is not planned, has no timetable or gives its teacher too many
    hours, and Conflict when its teacher or room is taken.
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
    """Start the lessons of an open course. Raises Refusal when it is not open."""
    rights.require(by, "start_course", course)
    course = lock_course(course)
    if course.state != CourseState.OPEN:
        raise Refusal(_("Only an open course can be started."), code="state")
    course.state = CourseState.RUNNING
    save(course, by=by)
    return course


@transaction.atomic
def cancel_course(*, course, reason, by):
    """Cancel a course; its future sessions are cancelled and no longer hold teacher or room.

    The reason is stored with the course (DOMAIN.md §3). Raises Refusal without one.
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
    """End a running course; it no longer holds its teacher and room.

    Outcomes belong to the trainees app, so users finish a course with
    `trainees.services.finish_course`, which calls this. Raises Refusal when the course is not
    running.
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
    """Undo the end of a course (`trainees.services.reopen_course` calls this).

    Raises Refusal when it is not finished or the reason is missing, and Conflict when its teacher
    or room is now taken at the time of one of its sessions.
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
    """Save what staff edited on a course and book it again.

    Raises Refusal at a field that is fixed in the course's state (`Course.fixed_fields`), for every
    change of a finished course, and at `capacity` when it is less than the seats taken plus the
    valid offers (DESIGN.md §3). Raises Conflict when the new teacher, room or dates clash. New seats
    are offered to the waiting list (signal `seats_changed`), and another room is told to those who
    attend (`room_changed`).
    """
    rights.require(by, "save_course", course if course.pk else None)
    rights.require(by, "place_course", course.centre)
    moved = False
    if course.pk:
        locked = lock_course(course)
        course.state = locked.state
        _refuse_fixed(course, locked)
        moved = locked.state in CourseState.booking() and locked.room_id != course.room_id
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
    if moved and course.room_id:
        room_changed.send(Course, course=course, by=by)
    return course


def _refuse_fixed(course, before):
    columns = {name: Course._meta.get_field(name).attname for name in before.fixed_fields}
    changed = [name for name, of in columns.items() if getattr(course, of) != getattr(before, of)]
    field = changed[0] if changed else None
    if before.state == CourseState.FINISHED:
        raise Refusal(
            _("The course is finished. Reopen it before you change it."), field=field, code="state"
        )
    if before.state == CourseState.CANCELLED and changed:
        raise Refusal(_("The course is cancelled."), field=field, code="state")
    if changed:
        raise Refusal(
            _(
                "People rely on this since the course is open. The dates, the weekly times and the "
                "teacher have acts of their own; the rest stays."
            ),
            field=field,
            code="fixed",
        )


@transaction.atomic
def change_times(*, course, slots, begins_on, by, reason=""):
    """Give an open or running course new weekly times from a day on.

    `slots`: for each weekly time {weekday, begin, end, lesson_hours}. Lessons before `begins_on`
    stay; the coming ones from that day on are made again, and everyone is told (`lessons_changed`).

    Raises Refusal at `begins_on` for today, a day before or one outside the course, and for times
    that are impossible or overlap; Conflict when the teacher or room is taken.
    """
    rights.require(by, "change_times", course)
    course, reason = _lock_open(course), given_text(reason, field="reason")
    first = max(course.begin, timezone.localdate() + timedelta(days=1))
    if not first <= begins_on <= course.end:
        raise Refusal(
            _("Choose a day from %(first)s to %(last)s."),
            params={"first": _day(first), "last": _day(course.end)},
            field="begins_on",
            code="date",
        )
    if not slots:
        raise Refusal(_("Enter the weekly timetable first."), code="timetable")
    for slot in course.slots.all():
        slot._history_user = by
        slot.delete()
    for values in slots:
        slot = TimetableSlot(course=course, **values)
        slot.full_clean()
        save(slot, by=by, reason=reason)
    course.times_from = begins_on if begins_on > course.begin else None
    save(course, by=by, reason=reason)
    replace_sessions(course, by=by, reason=reason, weekly=True)
    return course


@transaction.atomic
def change_dates(*, course, begin, end, by, reason=""):
    """Move the first or last day of an open or running course; its coming lessons are made again.

    Everyone is told (`lessons_changed`). Raises Refusal at `begin` once the lessons have started,
    at `end` when a lesson was held or someone joined later, and for days outside the term or
    education year; Conflict when the teacher or room is taken.
    """
    rights.require(by, "change_dates", course)
    course, reason = _lock_open(course), given_text(reason, field="reason")
    held = course.sessions.filter(roll_call__isnull=False).order_by("date")
    if begin != course.begin and (course.state == CourseState.RUNNING or held.exists()):
        raise Refusal(
            _("The lessons have started: the first day stays."), field="begin", code="started"
        )
    last = max([begin, *held.values_list("date", flat=True)])
    joined = course.enrolments.holding_seat().filter(joined_on__gt=max(begin, course.begin))
    last = max([last, *joined.values_list("joined_on", flat=True)])
    if end < last:
        raise Refusal(
            _("The course cannot end before %(day)s: people attended or joined by then."),
            params={"day": _day(last)},
            field="end",
            code="date",
        )
    before, course.begin, course.end = course.begin, begin, end
    if course.times_from and course.times_from <= begin:
        course.times_from = None
    course.clean()
    save(course, by=by, reason=reason)
    dates_changed.send(Course, course=course, begin=before, by=by)
    replace_sessions(course, by=by, reason=reason, weekly=True)
    return course


def _lock_open(course):
    course = lock_course(course)
    if course.state not in CourseState.booking():
        raise Refusal(_("Only an open or running course is changed like this."), code="state")
    return course


def _day(day):
    return date_format(day, "j F Y")
