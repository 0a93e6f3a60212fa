"""The people of a course, a tab of its desk: who attends, how they stand, and who has left."""

from django.db.models import Prefetch
from django.urls import reverse

from courses.enums import CourseState
from izmek.admin import Tag
from izmek.admin.masking import masked_for
from trainees.enums import AbsenceLevel, EnrolmentState, Purpose
from trainees.forms.marks import marks_in_words
from trainees.models import Consent, Trainee
from trainees.rights import RIGHTS
from trainees.wording import seat_status

LEVELS = {AbsenceLevel.NEAR: "last", AbsenceLevel.OVER: "wrong"}


def trainees_tab(admin, request, course):
    """Everyone with a seat in Turkish order, then those who have left."""
    rows = course.enrolments.with_attendance().in_name_order()
    rows = rows.annotate(
        **{
            f"agreed_{purpose.name.lower()}": Consent.objects.holds(purpose, trainee="trainee")
            for purpose in Purpose
        }
    )
    rows = masked_for(request.user, rows)
    people = masked_for(request.user, Trainee.objects.all())
    rows = list(rows.prefetch_related(Prefetch("trainee", people), "marks"))
    modules = len(course.modules.all())
    for row in rows:
        row.course = course
        row.consents = [p.label for p in Purpose if getattr(row, f"agreed_{p.name.lower()}")]
        row.marks_shown = marks_in_words(row, modules)
        row.tag = None
        if row.state != EnrolmentState.ENROLLED:
            row.tag = Tag(*seat_status(row))
        level = row.attendance.level
        row.level = Tag(level.label, LEVELS[level]) if level in LEVELS else None
    return {
        "roster": [row for row in rows if row.state in EnrolmentState.holding()],
        "left": [row for row in rows if row.state in EnrolmentState.left()],
        "has_modules": bool(modules),
        "add": _add_url(request, course),
    }


def _add_url(request, course):
    """Where somebody is given a seat in this course, for whoever may, or None."""
    if course.state not in CourseState.enrolling() or not RIGHTS.may(
        request.user, "enrol_in_person", course
    ):
        return None
    return reverse("admin:trainees_enrolment_counter") + f"?course={course.pk}"
