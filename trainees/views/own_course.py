"""A course as its teacher sees it: trainees and waiting list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from izmek.acts.prepared import prepared
from izmek.acts.refusal import sentence_of
from trainees import services
from trainees.enums import EnrolmentState
from trainees.models import Application, Enrolment
from trainees.views.lessons import hours_of
from trainees.views.teacher_page import own_course, page, teacher_page


@teacher_page
@require_safe
def course(request, pk):
    """The trainees in Turkish order with their absences, and the waiting list."""
    found = own_course(request, pk, "with_seats", "with_lesson_hours")
    enrolments = _trainees(course=found.pk)
    for enrolment in enrolments:
        enrolment.course = found
    context = {
        "roster": [row for row in enrolments if row.state in EnrolmentState.holding()],
        "left": [row for row in enrolments if row.state in EnrolmentState.left()],
        "offered": _offered(course=found.pk),
        "waiting": _waiting(course=found.pk),
        "hours": hours_of(found),
    }
    return page(request, "teacher/own_course.html", context, course=found)


@prepared
def _trainees(course):
    rows = Enrolment.objects.filter(course=course).with_attendance()
    return rows.select_related("trainee").in_name_order()


@prepared
def _offered(course):
    rows = Application.objects.filter(course=course).live_offers()
    return rows.order_by("offered_at", "pk")


@prepared
def _waiting(course):
    return Application.objects.filter(course=course).waiting()


@teacher_page
@require_POST
def confirm(request, pk, application):
    """At the counter or on the telephone the applicant says that they want the seat."""
    course = own_course(request, pk)
    asked = get_object_or_404(course.applications, pk=application)
    try:
        services.confirm_application(application=asked, by=request.user)
        messages.success(request, _("Confirmed: %(who)s") % {"who": asked})
    except ValidationError as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("teacher-course", pk=course.pk)
