"""Two rows that are one: neighbourhoods, programmes, teachers (izmek/acts/merging.py)."""

from django.utils.translation import gettext as _

from courses import rights
from courses.models import (
    Course,
    CourseCentre,
    Module,
    Neighbourhood,
    Programme,
    Session,
    Teacher,
    TeacherChange,
)
from courses.services.bookings import clashes
from izmek.acts.merging import Move, Remove, declare, merge_rows, register
from izmek.acts.refusal import Refusal


def merge_neighbourhoods(*, kept, other, by, values=(), reason=""):
    """Make one of two neighbourhoods; what lies in the other one lies in the first. Returns the Merge."""
    rights.require(by, "merge_neighbourhoods", kept)
    return merge_rows(kept=kept, other=other, by=by, values=values, reason=reason)


def merge_programmes(*, kept, other, by, values=(), reason=""):
    """Make one of two programmes; courses keep the hours and modules that they were opened with.

    Raises Refusal where running courses would get marks, or lose them.
    """
    rights.require(by, "merge_programmes", kept)
    return merge_rows(
        kept=kept, other=other, by=by, values=values, reason=reason, check=_same_rule_of_marks
    )


def _same_rule_of_marks(merger):
    if merger.kept.module_based == merger.other.module_based:
        return
    if courses := merger.other.courses.booking().select_related("programme", "centre"):
        raise Refusal(
            _("One has marks and the other has none, and these courses run: %(courses)s."),
            params={"courses": "; ".join(map(str, courses))},
            code="marks",
        )


def merge_teachers(*, kept, other, by, values=(), reason=""):
    """Make one of two teachers, with all courses, lessons and works.

    Raises Refusal where both sign in, or would teach twice at the same time.
    """
    rights.require(by, "merge_teachers", kept)
    if {"user", "user_id"}.isdisjoint(values) and kept.user_id is None and other.user_id:
        values = (*values, "user")
    return merge_rows(
        kept=kept, other=other, by=by, values=values, reason=reason, check=_one_person_at_a_time
    )


def _one_person_at_a_time(merger):
    if merger.kept.user_id and merger.other.user_id:
        raise Refusal(
            _(
                "Both sign in with a user of their own. Take the user away from one of them on the "
                "teacher’s page first."
            ),
            code="users",
        )
    for course in Course.objects.filter(sessions__holds_teacher=merger.other).distinct():
        lessons = list(course.sessions.filter(holds_teacher=merger.other))
        for lesson in lessons:
            lesson.holds_teacher_id = merger.kept.pk
        for sentence in clashes(course=course, sessions=lessons):
            raise Refusal(sentence, code="booked")


declare(CourseCentre, neighbourhood=Move())
declare(Module, programme=Remove())
declare(Course, programme=Move(), teacher=Move())
declare(TeacherChange, teacher=Move())
declare(Session, teacher=Move(), holds_teacher=Move())
declare(Teacher.programmes.through, teacher=Move(("programme",)), programme=Move(("teacher",)))
declare(Teacher.centres.through, teacher=Move(("coursecentre",)))
register(Neighbourhood, rights=rights, act="merge_neighbourhoods")
register(Programme, rights=rights, act="merge_programmes")
register(Teacher, rights=rights, act="merge_teachers")
