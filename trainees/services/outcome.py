"""The end of a course (DOMAIN.md §3, Outcome)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.services import set_finished, set_running_again
from izmek.acts.refusal import Refusal, given_reason
from trainees import arithmetic, rights
from trainees.arithmetic import EXEMPT, Outcome
from trainees.enums import EnrolmentState
from trainees.models import Enrolment
from trainees.services.transitions import move
from trainees.services.waiting_list import close_applications

# --- Outcome ----------------------------------------------------------------------------------


def outcome_of(enrolment):
    """How the course would end for the trainee now: an Outcome, from `arithmetic.outcome`."""
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
    """What finishing a course would store, and what should be checked before."""

    outcomes: list[tuple[Enrolment, Outcome]]  # by name, in Turkish order
    uncalled: list  # past lessons without a roll call; their absences are not known
    coming: int  # number of future lessons; the course can be finished only when there are none


def preview_finish(course):
    """The Finish of a course: the outcome of everyone who attends, with the reason."""
    today = timezone.localdate()
    modules = [module.pk for module in course.modules.all()]
    enrolments = (
        course.enrolments.filter(state=EnrolmentState.ENROLLED)
        .with_attendance()
        .with_hours_attended()
        .select_related("trainee", "course")
        .prefetch_related("marks")
        .in_name_order()
    )
    lessons = list(course.sessions.taking_place().uncalled())  # none to come has a roll
    return Finish(
        outcomes=[(enrolment, _outcome(enrolment, modules)) for enrolment in enrolments],
        uncalled=[lesson for lesson in lessons if lesson.date <= today],
        coming=sum(lesson.date > today for lesson in lessons),
    )


@transaction.atomic
def finish_course(*, course, by):
    """End a running course: compute and store everyone's outcome; returns the Finish.

    Stores the absent hours, success mark and reason with each enrolment and closes open
    applications. Raises Refusal when the course is not running (`state`) or has future lessons
    (`coming`).
    """
    rights.require(by, "finish_course", course)
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
    """Undo the end of a course for corrections; an officer's act with a reason.

    The stored outcomes are cleared; the history keeps them. Certificates that were issued stay valid: most
    corrections change one outcome of many, and a number that was given does not change. Those that the new
    outcome does not earn are told on the first page (`unearned`). Raises Refusal without a reason or when
    the course is not finished.
    """
    rights.require(by, "reopen_course", course)
    reason = given_reason(reason)
    course = set_running_again(course=course, reason=reason, by=by)
    for enrolment in course.enrolments.filter(state__in=EnrolmentState.outcomes()):
        move(enrolment, EnrolmentState.ENROLLED, by=by, absent_hours=None, success_mark=None)
    return course
