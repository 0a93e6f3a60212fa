"""The roll: absences and roll calls (DESIGN.md §3, Absence; DOMAIN.md §3)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import CourseState, SessionState
from courses.models import Session
from courses.services import lock_course
from izmek.acts.bulk import upsert
from izmek.acts.prepared import prepared
from izmek.acts.refusal import Refusal
from izmek.acts.rules import holds
from izmek.acts.saving import save
from trainees import rights
from trainees.models import Absence, RollCall
from trainees.queries.seats import attends_on

# For so many days after the roll call a teacher may correct it; later only an officer.
CORRECTION_DAYS = 7


@transaction.atomic
def mark_absent(*, enrolment, session, by, hours=None, excused=False, note=""):
    """Mark a trainee absent from a lesson, for all its lesson hours or some; returns the Absence.

    The call gives the complete state, so a repeat changes nothing. If two people mark, the last one
    counts, with their name and the time; earlier values stay in the history.

    Raises Refusal for a lesson in the future (`future`), on a holiday (`holiday`) or cancelled
    (`cancelled`), a finished course (`state`), a trainee who is not in the course on that day (`not
    on the roll`), more hours than the lesson has (`hours`), or a roll that only an officer may
    still correct (`late`).

    This runs for each tap on a phone, in three SQL statements. Only the keys of `enrolment` and
    `session` are used.
    """
    line = _line(enrolment, session, by, "mark_absent")
    hours = line.lesson_hours if hours is None else hours
    if not 1 <= hours <= line.lesson_hours:
        raise Refusal(
            _("The session has %(hours)d lesson hours."),
            params={"hours": line.lesson_hours},
            field="hours",
            code="hours",
        )
    note = note.strip()
    absence = _absence(line, enrolment, session)
    if absence and (absence.hours, absence.excused, absence.note, absence.by_id) == (
        hours,
        excused,
        note,
        by and by.pk,
    ):
        return absence
    known = absence is not None
    absence = Absence(enrolment_id=enrolment.pk, session_id=session.pk, by=by, at=timezone.now())
    absence.hours, absence.excused, absence.note = hours, excused, note
    absence.clean_fields(exclude=["enrolment", "session", "by"])
    return upsert(absence, unique=["enrolment", "session"], by=by, known=known)


@transaction.atomic
def mark_present(*, enrolment, session, by):
    """Remove the absence of a trainee who is present. A repeat changes nothing.

    The earlier values stay in the history. Raises Refusal as `mark_absent` does.
    """
    absence = _absence(_line(enrolment, session, by, "mark_present"), enrolment, session)
    if absence:
        absence._history_user = by
        absence.delete()


@transaction.atomic
def call_roll(*, session, by):
    """Record that the roll of a lesson was called: everyone who is not marked absent was present.

    Returns the RollCall; after a second call it names the last caller. Raises Refusal as
    `mark_absent`.
    """
    rights.require(by, "call_roll", session)
    lock_course(session.course)
    line = _callable(_lessons(session=session.pk), by)
    call = RollCall.objects.filter(session=line).first() or RollCall(session=line)
    if call.pk is None or call.by_id != (by and by.pk):
        call.by, call.at = by, timezone.now()
        save(call, by=by)
    return call


def last_marked(session):
    """The latest change of a lesson's absences, removals included, or None.

    A row of the history: `history_user`, `history_date`.
    """
    return (
        Absence.history.filter(session=session)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
        .first()
    )


# --- What may be marked -----------------------------------------------------------------------


def check_roll(*, session, by):
    """Raise the Refusal of `call_roll` early, so that a page can show it before the roll call."""
    rights.require(by, "check_roll", session)
    _callable(_lessons(session=session.pk), by)


@prepared
def _lessons(session):
    return _with_rules(Session.objects.filter(pk=session))


def _with_rules(sessions):
    """Lessons with what the roll's rules need."""
    sessions = sessions.select_related("course").with_holiday()
    return sessions.annotate(called_at=F("roll_call__at"))


def _callable(lines, by):
    """The only one of these lessons (`_with_rules`), if its roll may be called now. Raises Refusal."""
    line = next(iter(lines), None)
    if line is None:
        raise Refusal(
            _("The trainee is not in the course of this session."), code="not on the roll"
        )
    if line.course.state not in CourseState.enrolling():
        raise Refusal(
            _("The rolls of this course are closed: it is %(state)s."),
            params={"state": line.course.get_state_display()},
            code="state",
        )
    if line.state == SessionState.CANCELLED:
        raise Refusal(_("The lesson was cancelled."), code="cancelled")
    if line.holiday:
        raise Refusal(
            _("There is no lesson on that day: %(holiday)s."),
            params={"holiday": line.holiday},
            code="holiday",
        )
    if line.date > timezone.localdate():
        raise Refusal(_("The lesson is still to come."), code="future")
    late = line.called_at and timezone.now() - line.called_at > timedelta(days=CORRECTION_DAYS)
    if late and not rights.may(by, "correct_old_roll", line):
        raise Refusal(
            _("A roll called more than %(days)d days ago is corrected by a centre officer."),
            params={"days": CORRECTION_DAYS},
            code="late",
        )
    return line


def _line(enrolment, session, by, act):
    """One trainee's line on the roll: the lesson, the trainee's dates and absence.

    Locks the course.

    One query, which also checks the right. If the query waited for the lock, the absence may be out
    of date. So use it only to decide whether to write; `upsert` overwrites the stored row.
    """
    try:
        line = _callable(_lines(by=by, act=act, enrolment=enrolment.pk, session=session.pk), by)
    except Refusal as refusal:
        if refusal.reason == "not on the roll":
            # a separate check, only to explain why there is no line
            rights.require(by, act, session)
        raise
    if not holds(attends_on(line.date), line):
        raise Refusal(_("The trainee was not in the course on that day."), code="not on the roll")
    return line


@prepared(by=("by", "act"))
def _lines(by, act, enrolment, session):
    """The lesson with the trainee's line, if `by` may do the act on it; locks the course."""
    sessions = rights.rows(by, act, Session.objects.filter(pk=session))
    return (
        _with_rules(sessions.filter(course__enrolments=enrolment))
        .annotate(
            mark=FilteredRelation("absences", condition=Q(absences__enrolment=enrolment)),
            joined_on=F("course__enrolments__joined_on"),
            left_on=F("course__enrolments__left_on"),
            mark_id=F("mark__pk"),
            mark_hours=F("mark__hours"),
            mark_excused=F("mark__excused"),
            mark_note=F("mark__note"),
            mark_by=F("mark__by"),
            mark_at=F("mark__at"),
        )
        .select_for_update(of=("course",), no_key=True)
    )


def _absence(line, enrolment, session):
    """The Absence in a line, or None."""
    if line.mark_id is None:
        return None
    return Absence.from_db(
        None,
        ["id", "enrolment_id", "session_id", "hours", "excused", "note", "by_id", "at"],
        [
            line.mark_id,
            enrolment.pk,
            session.pk,
            line.mark_hours,
            line.mark_excused,
            line.mark_note,
            line.mark_by,
            line.mark_at,
        ],
    )
