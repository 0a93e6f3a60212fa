"""A course as its teacher sees it: trainees and waiting list."""

from django.views.decorators.http import require_safe

from courses.models import Course
from trainees.enums import EnrolmentState
from trainees.views.lessons import hours_of
from trainees.views.teacher_page import own_course, page, teacher_page


@teacher_page
@require_safe
def course(request, pk):
    """The trainees in Turkish order with their absences, and the waiting list."""
    found = own_course(request, pk, Course.objects.with_seats().with_lesson_hours())
    enrolments = list(found.enrolments.with_attendance().select_related("trainee").in_name_order())
    for enrolment in enrolments:
        enrolment.course = found
    context = {
        "roster": [row for row in enrolments if row.state in EnrolmentState.holding()],
        "left": [row for row in enrolments if row.state in EnrolmentState.left()],
        "offered": found.applications.live_offers().order_by("offered_at", "pk"),
        "waiting": found.applications.waiting(),
        "hours": hours_of(found),
    }
    return page(request, "teacher/own_course.html", context, course=found)
