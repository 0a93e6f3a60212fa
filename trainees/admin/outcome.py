"""The end of a course in the admin: preview of the outcomes, finish, and reopen."""

import hashlib
from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import CourseState
from courses.models import Course
from izmek.acts.refusal import Refusal
from izmek.admin import object_action, object_link, visible
from izmek.admin.actions import ReasonForm
from trainees import rights, services
from trainees.enums import EnrolmentState


def fingerprint(finish):
    """A short hash of a preview. The form sends it back, so that only what was shown gets frozen."""
    shown = [
        (enrolment.pk, outcome.state.value, outcome.absent_hours, str(outcome.success_mark))
        for enrolment, outcome in finish.outcomes
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


@transaction.atomic
def finish_as_shown(*, course, shown, by):
    """Finish a course with the outcomes that `by` saw. Raises Refusal when they have changed since."""
    finish = services.finish_course(course=course, by=by)
    if fingerprint(finish) != shown:
        raise Refusal(
            _("An absence or a mark was changed since you looked. Look again, then finish."),
            code="changed",
        )
    return finish


class FinishPages:
    """The part of EnrolmentAdmin with which a centre finishes its courses."""

    def get_urls(self):
        view = self.guarded(self.finish_view)
        address = path("finish/<int:course_id>/", view, name="trainees_enrolment_finish")
        return [address, *super().get_urls()]

    def finish_view(self, request, course_id):
        """Everyone's outcome with its reason, and what is still missing; a button freezes them."""
        if not rights.may(request.user, "finish_course"):
            raise PermissionDenied
        courses = visible(Course, request.user).select_related("programme", "centre")
        course = get_object_or_404(courses, pk=course_id)
        rights.require(request.user, "finish_course", course)
        refusal = None
        if request.method == "POST":
            try:
                finish_as_shown(course=course, shown=request.POST.get("shown", ""), by=request.user)
            except Refusal as error:
                refusal = error
            else:
                self.message_user(request, _("The course is finished."), messages.SUCCESS)
                return HttpResponseRedirect(self._course_page(course))
        if course.state != CourseState.RUNNING:  # finished meanwhile, or clicked twice
            self.message_user(
                request, _("Only a running course can be finished."), messages.WARNING
            )
            return HttpResponseRedirect(self._course_page(course))
        finish = services.preview_finish(course)
        counts = Counter(outcome.state for _enrolment, outcome in finish.outcomes)
        return TemplateResponse(
            request,
            "admin/trainees/outcome.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Finish: %(course)s") % {"course": course},
                "course": course,
                "finish": finish,
                "counts": [
                    (state.label, counts[state])
                    for state in EnrolmentState.outcomes()
                    if counts[state]
                ],
                "shown": fingerprint(finish),
                "refusal": refusal,
                "back": self._course_page(course),
            },
        )

    def _course_page(self, course):
        return reverse("admin:courses_course_change", args=[course.pk])


# --- On the course's page ---------------------------------------------------------------------


@object_action(
    gettext_lazy("Reopen"),
    form=ReasonForm,
    may=rights.RIGHTS.asks("reopen_course"),
    when=lambda course: course.state == CourseState.FINISHED,
    text=gettext_lazy(
        "For corrections. The outcomes are taken off and computed anew when you finish the course "
        "again; the history keeps the former ones."
    ),
    danger=True,
)
def reopen(self, request, course, data):
    services.reopen_course(course=course, by=request.user, **data)
    return _("The course is running again.")


finish = object_link(
    gettext_lazy("Finish the course"),
    lambda course: reverse("admin:trainees_enrolment_finish", args=[course.pk]),
    may=rights.RIGHTS.asks("finish_course"),
    when=lambda course: course.state == CourseState.RUNNING,
)
