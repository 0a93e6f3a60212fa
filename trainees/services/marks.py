"""Marks of modules (DOMAIN.md §3, Marks)."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.services import lock_course
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.acts.sent_late import check_shown
from trainees import rights
from trainees.enums import EnrolmentState
from trainees.models import Mark

# --- Marks ------------------------------------------------------------------------------------


@transaction.atomic
def set_mark(*, enrolment, module, value, by, shown=None):
    """Set the mark of a module: 0 to 100, "M" for exempt, None or "" for no mark.

    `shown`: the text of the mark on the page that was sent, as `mark_text` gives it; Conflict when
    somebody else has changed it since. Returns the Mark, or None when there is none now. Raises
    Refusal at `value` for any other value (`range`), for a module of another course (`module`), and
    when the course is over or the trainee has left it (`state`).
    """
    rights.require(by, "set_mark", enrolment)
    course = lock_course(enrolment.course)
    number, exempt = read_mark(value)
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
            _("The trainee has no seat in the course: %(state)s."),
            params={"state": enrolment.get_state_display()},
            code="state",
        )
    mark = Mark.objects.filter(enrolment=enrolment, module=module).first()
    check_shown(
        shown=shown,
        now=mark_text(mark),
        typed=mark_text(Mark(value=number, exempt=exempt)),
        history=Mark.history.filter(enrolment=enrolment, module=module),
        by=by,
    )
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


def mark_text(mark):
    """A mark as it is typed: a number, M, or nothing."""
    if mark is None or (mark.value is None and not mark.exempt):
        return ""
    return "M" if mark.exempt else str(mark.value)


def read_mark(value):
    """(number or None, exempt) of the text that was entered."""
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
