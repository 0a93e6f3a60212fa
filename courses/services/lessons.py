"""The dated lessons of a course: made from the timetable, cancelled, added, or with a substitute."""

from collections import defaultdict
from copy import copy
from datetime import time, timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import rights
from courses.enums import CourseState, SessionState
from courses.models import Holiday, Session, check_lesson_hours, check_slots_do_not_overlap
from courses.queries.calendar import takes_lessons
from courses.queries.lessons import half_of
from courses.queries.teachers import teacher_on
from courses.services.bookings import book
from courses.services.locks import lock_course
from courses.services.signals import lessons_changed, session_added, session_cancelled
from izmek.acts.bulk import bulk_create
from izmek.acts.refusal import Conflict, Refusal, given_reason, given_text
from izmek.acts.rules import holds
from izmek.acts.saving import save

EARLIEST = time(7, 0)  # lessons are between 07.00 and 24.00 (DOMAIN.md §3)


def holiday_on(day, lesson, holidays):
    """The holiday that takes a lesson (or weekly time) on a day, or None."""
    rule = takes_lessons(day, half_of(lesson))
    return next((holiday for holiday in holidays if holds(rule, holiday)), None)


def planned_sessions(course, slots, holidays, given=0):
    """The unsaved sessions that a timetable gives between a course's dates, without holidays.

    Begins on the day from which the weekly times hold (`times_from`), by then `given` lesson hours
    are given. Stops at the programme's total lesson hours; the last session is shortened to fit.
    """
    left = (course.total_hours or course.programme.total_hours) - given
    by_day = defaultdict(list)
    for slot in slots:
        by_day[slot.weekday].append(slot)
    day = max(course.begin, course.times_from or course.begin)
    while day <= course.end and left > 0:
        for slot in sorted(by_day[day.isoweekday()], key=lambda slot: slot.begin):
            if left <= 0 or holiday_on(day, slot, holidays):
                continue
            hours = min(slot.lesson_hours, left)
            left -= hours
            yield Session(
                course=course, date=day, begin=slot.begin, end=slot.end, lesson_hours=hours
            )
        day += timedelta(days=1)


def last_day(*, course, slots, holidays=None):
    """The day on which a course's weekly times have given all its lesson hours, without holidays.

    `course`: saved or not, with its programme, centre, term and first day. `holidays`: those of its centre,
    if they are read already. Raises Refusal when the education year is over before.
    """
    sessions, given, total = _until_year_ends(course, slots, holidays)
    if given < total:
        raise Refusal(
            _(
                "By the end of the education year the weekly times give only %(given)d of %(total)d "
                "lesson hours: begin earlier or add a weekly time."
            ),
            params={"given": given, "total": total},
            code="hours",
        )
    return sessions[-1].date


def hours_warning(*, course, slots):
    """A sentence on a planned course whose dates do not fit its lesson hours, with what would; else "".

    No rule refuses it: lessons may be added later. `slots`: its weekly times.
    """
    if not slots:
        return ""
    sessions, given, total = _until_year_ends(course, slots)
    if given < total:
        weekly = sum(slot.lesson_hours for slot in slots)
        text = _(
            "By the end of the education year the weekly times give only %(given)d of %(total)d "
            "lesson hours: begin earlier or add a weekly time."
        )
        if given:
            text += " " + _("About %(needed)d lesson hours a week would be enough.")
        return text % {
            "given": given,
            "total": total,
            "needed": ceil(weekly * total / given) if given else 0,
        }
    facts = {"day": date_format(sessions[-1].date, "j F Y l"), "total": total}
    until_end = sum(session.lesson_hours for session in sessions if session.date <= course.end)
    if until_end < total:
        return _(
            "Until the last day the weekly times give %(given)d of %(total)d lesson hours; all are "
            "given on %(day)s."
        ) % {**facts, "given": until_end}
    if course.end - sessions[-1].date >= timedelta(weeks=1):
        return _("The weekly times have given all %(total)d lesson hours on %(day)s.") % facts
    return ""


def _until_year_ends(course, slots, holidays=None):
    """(the lessons that give the hours, by the year's end; how many hours they give; how many it has)."""
    probe = copy(course)
    probe.end = course.term.year.end
    holidays = holidays_of(probe) if holidays is None else holidays
    sessions = list(planned_sessions(probe, slots, holidays))
    given = sum(session.lesson_hours for session in sessions)
    return sessions, given, course.total_hours or course.programme.total_hours


@transaction.atomic
def make_sessions(*, course, by, today=None):
    """Make the sessions of a course from its weekly timetable; returns how many were made.

    Replaces only future sessions that came from the timetable and whose roll was not called. A
    session with a roll or an absence is never changed (DESIGN.md §3), and a cancelled one stays
    cancelled. General holidays and those of the centre are skipped. Raises Conflict when an open
    course's teacher or room is taken, and Refusal for a course that is over or whose weekly times
    overlap.
    """
    rights.require(by, "make_sessions", course)
    course = lock_course(course)
    if course.state in CourseState.over():
        raise Refusal(_("The course is over."), code="state")
    return len(replace_sessions(course, by=by, today=today))


def replace_sessions(course, *, by, today=None, reason="", weekly=False):
    """`make_sessions` for a (locked) course; returns the new sessions.

    Those who attend an open or running course are told which coming lessons are gone and new.
    `weekly`: the dates or weekly times have changed, so applicants are told too.
    """
    check_slots_do_not_overlap(course.slots.all())
    _kept, made = sessions_anew(course, today)
    before = list(_replaceable(course, today))
    _replaceable(course, today).delete()
    bulk_create(made, by=by)
    if course.state in CourseState.booking():
        book(course=course)
        day = today or timezone.localdate()
        times = [{_time(session) for session in sessions} for sessions in (before, made)]
        gone = [one for one in before if _time(one) not in times[1] and one.date >= day]
        new = [one for one in made if _time(one) not in times[0] and one.date >= day]
        if gone or new:
            lessons_changed.send(
                Session, course=course, gone=gone, new=new, reason=reason, weekly=weekly, by=by
            )
    return made


def _time(session):
    return session.date, session.begin, session.end


def sessions_anew(course, today=None):
    """The result of making the sessions again: (sessions that stay, unsaved new ones).

    A cancelled session blocks its time, but is not in the list of those that stay.
    """
    today = today or timezone.localdate()
    called = course.sessions.filter(roll_call__isnull=False).exists()
    replaced = _replaceable(course, today, called).values("pk")
    kept = list(course.sessions.with_holiday().exclude(pk__in=replaced))
    left = course.total_hours or course.programme.total_hours
    left -= sum(session.lesson_hours for session in kept if session.takes_place)
    given = _hours_before(course, course.times_from) if course.times_from else 0
    made = []
    for session in planned_sessions(course, course.slots.all(), holidays_of(course), given):
        if (called and session.date <= today) or any(_in_its_place(one, session) for one in kept):
            continue
        if left <= 0:
            break
        session.lesson_hours = min(session.lesson_hours, left)
        left -= session.lesson_hours
        made.append(session)
    return [session for session in kept if session.state != SessionState.CANCELLED], made


def _replaceable(course, today=None, called=None):
    """The sessions that a new timetable replaces; `called`: whether a roll was called, if known."""
    rows = course.sessions.not_cancelled().filter(extra=False)
    if course.times_from:  # earlier lessons followed other weekly times
        rows = rows.filter(date__gte=course.times_from)
    if called is None:
        called = course.sessions.filter(roll_call__isnull=False).exists()
    if called:
        return rows.replaceable(today)
    # Before the course starts, all its sessions are made again, from the first day.
    return rows.uncalled().filter(absences__isnull=True)


def _hours_before(course, day):
    """The lesson hours that the weekly times gave before a day; a cancelled lesson is not made again."""
    rows = course.sessions.filter(date__lt=day)
    given = rows.taking_place(), rows.filter(state=SessionState.CANCELLED)
    return sum(hours for part in given for hours in part.values_list("lesson_hours", flat=True))


def _in_its_place(kept, session):
    """Whether an existing session blocks a new one: a cancelled one of its day, or one at its time."""
    if kept.date != session.date:
        return False
    if kept.state == SessionState.CANCELLED:
        return kept.begin == session.begin
    return kept.begin < session.end and kept.end > session.begin


def hours_given(*, course):
    """The course's lesson hours if its sessions were made from the timetable now."""
    kept, made = sessions_anew(course)
    return sum(session.lesson_hours for session in kept + made)


def timetable_warnings(*, course, sessions=None):
    """Sentences on planned lessons that do not match the course's dates and weekly times.

    Lessons do not change on their own, because people know their dates already. `make_sessions`
    makes them again. `sessions`: those of the course, if they are read already.
    """
    if course.state in CourseState.over():
        return []
    sessions = list(course.sessions.all()) if sessions is None else sessions
    if all(session.state == SessionState.CANCELLED for session in sessions):
        return []
    kept, made = sessions_anew(course)
    stay, said = {session.pk for session in kept}, []
    replaceable = [
        session
        for session in sessions
        if session.state != SessionState.CANCELLED and session.pk not in stay
    ]
    after = sum(session.date > course.end for session in replaceable)
    if after:
        said.append(
            ngettext(
                "%(count)d lesson lies after the end of the course.",
                "%(count)d lessons lie after the end of the course.",
                after,
            )
            % {"count": after}
        )
    before = sum(session.date < course.begin for session in replaceable)
    if before:
        said.append(
            ngettext(
                "%(count)d lesson lies before the beginning of the course.",
                "%(count)d lessons lie before the beginning of the course.",
                before,
            )
            % {"count": before}
        )
    weekly = {(slot.weekday, slot.begin, slot.end) for slot in course.slots.all()}
    left_behind = {_weekly_time(session) for session in replaceable} - weekly
    missing = {_weekly_time(one) for one in made} - {_weekly_time(one) for one in sessions}
    if left_behind or missing:
        said.append(_("The lessons do not follow the weekly times."))
    if said:
        said.append(_("“Make the sessions” makes them anew."))
    return said


def _weekly_time(session):
    return session.date.isoweekday(), session.begin, session.end


def holidays_of(course):
    """The holidays between a course's dates: general ones and those of its centre."""
    return list(
        Holiday.objects.for_centre(course.centre).filter(
            begin__lte=course.end, end__gte=course.begin
        )
    )


def check_deletable(*, session):
    """Raise Refusal unless the lesson's course is planned: what people were told is only cancelled."""
    if session.course.state != CourseState.PLANNED:
        raise Refusal(
            _("A lesson of a course that was opened is not deleted. Cancel the lesson."),
            code="state",
        )


# --- One session ------------------------------------------------------------------------------


def _lock_session(session):
    """Lock the course and read the session again. Raises Refusal when the course is over."""
    session = lock_course(session.course).sessions.get(pk=session.pk)
    if session.course.state in CourseState.over():
        raise Refusal(_("The course is over."), code="state")
    return session


@transaction.atomic
def cancel_session(*, session, reason, by, make_up=None):
    """Cancel a lesson; its teacher and room become free. A repeat changes nothing.

    `make_up`: when it is held instead, as `add_session` takes it ({date, begin, end, lesson_hours});
    then everyone is told of both at once. Without it the hours are missing from the total; a make-up
    lesson can be added later. Raises Refusal without a reason, or when the roll was called, because
    then the lesson took place; and what `add_session` raises.
    """
    rights.require(by, "cancel_session", session)
    session = _lock_session(session)
    if session.state == SessionState.CANCELLED:
        return session
    if not session.course.sessions.uncalled().filter(pk=session.pk).exists():
        raise Refusal(_("The roll of this lesson was called: it was held."), code="called")
    session.state, session.state_reason = SessionState.CANCELLED, given_reason(reason)
    session.holds_teacher = session.holds_room = None
    save(session, by=by, reason=session.state_reason)
    if make_up is None:
        session_cancelled.send(Session, session=session, by=by)
        return session
    rights.require(by, "add_session", session.course)
    instead = _add(session.course, by=by, makes_up_for=session, **make_up)
    lessons_changed.send(
        Session,
        course=session.course,
        gone=[session],
        new=[instead],
        reason=session.state_reason,
        weekly=False,
        by=by,
    )
    return session


@transaction.atomic
def add_session(
    *, course, date, begin, end, lesson_hours, by, topic="", teacher=None, makes_up_for=None
):
    """Add a lesson outside the timetable, for example to make up for a cancelled one.

    `teacher`: who gives it instead of the course's own teacher. `makes_up_for`: the cancelled lesson of
    the course that is held at this time instead. Raises Refusal at the field when
    the day is a holiday, is before the course or after its education year, when the time is invalid
    or too short for the lesson hours, or when a paid instructor would have too many hours. Raises
    Conflict when the course has another lesson then, or its teacher or room is taken.
    """
    rights.require(by, "add_session", course)
    course = lock_course(course)
    if course.state in CourseState.over():
        raise Refusal(_("The course is over."), code="state")
    session = _add(
        course,
        date=date,
        begin=begin,
        end=end,
        lesson_hours=lesson_hours,
        by=by,
        topic=topic,
        teacher=teacher,
        makes_up_for=makes_up_for,
    )
    session_added.send(Session, session=session, by=by)
    return session


def _add(course, *, date, begin, end, lesson_hours, by, topic="", teacher=None, makes_up_for=None):
    """`add_session` of a (locked) course, of which nobody is told yet."""
    if date < course.begin:
        raise Refusal(_("The course has not begun on that day."), field="date", code="date")
    year = course.term.year
    if date > year.end:
        raise Refusal(
            _("The last possible day is %(day)s: the education year ends then."),
            params={"day": date_format(year.end, "j F Y")},
            field="date",
            code="date",
        )
    if begin < EARLIEST or end <= begin:
        raise Refusal(
            _("Lessons are held from 07.00 to 24.00 and end after they begin."),
            field="begin",
            code="time",
        )
    if not 1 <= lesson_hours <= 12:
        raise Refusal(_("A lesson has 1 to 12 lesson hours."), field="lesson_hours", code="hours")
    check_lesson_hours(year, begin, end, lesson_hours)
    if makes_up_for is not None:
        makes_up_for = course.sessions.get(pk=makes_up_for.pk)
        if makes_up_for.state != SessionState.CANCELLED:
            raise Refusal(_("Only a cancelled lesson is made up for."), code="state")
    session = Session(
        course=course,
        date=date,
        begin=begin,
        end=end,
        lesson_hours=lesson_hours,
        topic=given_text(topic, field="topic"),
        teacher=teacher,
        extra=True,
        makes_up_for=makes_up_for,
    )
    holiday = holiday_on(date, session, Holiday.objects.for_centre(course.centre).on(date))
    if holiday:
        raise Refusal(
            _("That day is a holiday: %(holiday)s."),
            params={"holiday": holiday},
            field="date",
            code="holiday",
        )
    if course.sessions.filter(date=date, begin=begin).exists() or (
        course.sessions.not_cancelled().overlapping(date, begin, end).exists()
    ):
        raise Conflict(_("The course has a lesson at this time."), field="begin", code="own")
    save(session, by=by)
    book(course=course)
    return session


@transaction.atomic
def name_substitute(*, session, teacher, by):
    """Let another teacher give one lesson (None: the course's own teacher again).

    The substitute sees only this session's roll (DESIGN.md §3). Raises Refusal when the lesson was
    cancelled or the substitute would have too many hours, Conflict when they are busy at that time.
    """
    rights.require(by, "name_substitute", session)
    session = _lock_session(session)
    if session.state == SessionState.CANCELLED:
        raise Refusal(_("The lesson was cancelled."), code="state")
    if teacher is not None and teacher.pk == teacher_on(session.course, session.date):
        teacher = None
    session.teacher = teacher
    save(session, by=by)
    book(course=session.course)
    return session
