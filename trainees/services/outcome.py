"""Marks and the end of a course (DOMAIN.md §3, Marks)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import CourseState
from courses.services import lock_course, set_finished, set_running_again
from izmek.history import save
from izmek.refusal import Refusal, given_reason
from trainees import arithmetic, rules
from trainees.arithmetic import EXEMPT, Outcome
from trainees.enums import EnrolmentState
from trainees.models import Enrolment, Mark
from trainees.services.queue import close_applications
from trainees.services.steps import move

# --- Marks ------------------------------------------------------------------------------------


@transaction.atomic
def set_mark(*, enrolment, module, value, by):
    """Mark a module of someone's course: 0 to 100, "M" for exempt, None or "" for no mark.

    Returns the Mark, or None where there is none now. Raises Refusal at `value` for anything else
    (`range`), for another course's module (`module`) and when the course is over or she has left it
    (`state`).
    """
    course = lock_course(enrolment.course)
    number, exempt = _read_mark(value)
    if module.course_id != course.pk:
        raise Refusal(_("The module belongs to another course."), code="module")
    if course.state not in CourseState.enrolling():
        raise Refusal(
            _("The marks of this course are closed: it is %(state)s."),
            params={"state": course.get_state_display()},
            code="state",
        )
    enrolment = course.enrolments.get(pk=enrolment.pk)
    if enrolment.state != EnrolmentState.ENROLLED:
        raise Refusal(
            _("She has no seat in the course: %(state)s."),
            params={"state": enrolment.get_state_display()},
            code="state",
        )
    mark = Mark.objects.filter(enrolment=enrolment, module=module).first()
    if number is None and not exempt:
        if mark:
            mark._history_user = by
            mark.delete()
        return None
    mark = mark or Mark(enrolment=enrolment, module=module)
    if mark.pk is None or (mark.value, mark.exempt) != (number, exempt):
        mark.value, mark.exempt = number, exempt
        save(mark, by=by)
    return mark


def _read_mark(value):
    """(number or None, exempt) of what was entered."""
    text = "" if value is None else str(value).strip()
    if text in ("M", "m"):
        return None, True
    if not text:
        return None, False
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise Refusal(
            _("A mark is a whole number from 0 to 100, or M for exempt."),
            field="value",
            code="range",
        )
    return int(text), False


# --- Outcome ----------------------------------------------------------------------------------


def outcome_of(enrolment):
    """How the course would end for her now: an Outcome, after `arithmetic.outcome`."""
    modules = [module.pk for module in enrolment.course.modules.all()]
    return _outcome(enrolment, modules)


def _outcome(enrolment, modules):
    given = {
        mark.module_id: EXEMPT if mark.exempt else mark.value for mark in enrolment.marks.all()
    }
    marks = [given.get(module) for module in modules]
    return arithmetic.outcome(enrolment.attendance, marks, enrolment.course.pass_mark)


@dataclass(frozen=True)
class Finish:
    """What finishing a course would store, and what someone should look at before."""

    outcomes: list[tuple[Enrolment, Outcome]]  # in Turkish order of names
    uncalled: list  # past sessions whose roll nobody called: their absences are not known
    coming: int  # lessons still to come: while there are any, the course cannot be finished


def preview_finish(course):
    """The Finish of a course: the outcome of everyone who attends, with its reason."""
    today = timezone.localdate()
    modules = [module.pk for module in course.modules.all()]
    enrolments = (
        course.enrolments.filter(state=EnrolmentState.ENROLLED)
        .with_attendance()
        .select_related("trainee", "course")
        .prefetch_related("marks")
        .in_name_order()
    )
    standing = course.sessions.taking_place()
    return Finish(
        outcomes=[(enrolment, _outcome(enrolment, modules)) for enrolment in enrolments],
        uncalled=list(standing.uncalled().filter(date__lte=today)),
        coming=standing.filter(date__gt=today).count(),
    )


@transaction.atomic
def finish_course(*, course, by):
    """End a running course: compute and freeze everyone's outcome; returns the Finish.

    Stores absent hours, success mark and reason with each enrolment; open applications are closed.
    Raises Refusal when the course is not running (`state`) or lessons are still to come (`coming`).
    """
    course = set_finished(course=course, by=by)
    finish = preview_finish(course)
    if finish.coming:
        raise Refusal(
            ngettext(
                "%(count)d lesson is still to come; cancel it or wait for it.",
                "%(count)d lessons are still to come; cancel them or wait for them.",
                finish.coming,
            ),
            params={"count": finish.coming},
            code="coming",
        )
    for enrolment, outcome in finish.outcomes:
        move(
            enrolment,
            outcome.state,
            by=by,
            reason=outcome.reason,
            absent_hours=outcome.absent_hours,
            success_mark=outcome.success_mark,
        )
    close_applications(course, reason=_("The course has ended."), by=by)
    return finish


@transaction.atomic
def reopen_course(*, course, reason, by):
    """Take back the end of a course, for corrections: an officer's act with a reason.

    The stored outcomes are taken off; the history keeps them. Raises Refusal when `by` is no
    officer, without a reason, or when the course is not finished.
    """
    if not rules.is_officer_of(by, course):
        raise Refusal(_("Only a centre officer may reopen a course."), code="officer")
    reason = given_reason(reason)
    course = set_running_again(course=course, reason=reason, by=by)
    for enrolment in course.enrolments.filter(state__in=EnrolmentState.outcomes()):
        move(enrolment, EnrolmentState.ENROLLED, by=by, absent_hours=None, success_mark=None)
    return course
