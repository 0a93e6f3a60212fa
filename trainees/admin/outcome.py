"""The end of a course in the admin: preview of the outcomes, finish, and reopen."""

import hashlib
from collections import Counter

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.enums import CourseState
from izmek.acts.refusal import Refusal
from izmek.admin import object_action, object_link
from izmek.admin.actions import ReasonForm
from trainees import rights, services
from trainees.enums import EnrolmentState
from trainees.models import Certificate


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


def outcome_tab(admin, request, course):
    """Everyone's outcome with its reason, and what is still missing; a button freezes them."""
    refusal = None
    if request.method == "POST":
        try:
            finish_as_shown(course=course, shown=request.POST.get("shown", ""), by=request.user)
        except Refusal as error:
            refusal = error
        else:
            admin.message_user(request, _("The course is finished."), messages.SUCCESS)
            return HttpResponseRedirect(_marks_page(course))
    if course.state != CourseState.RUNNING:  # finished meanwhile, or clicked twice
        sentence = _("Only a running course can be finished.")
        admin.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(_marks_page(course))
    finish = services.preview_finish(course)
    counts = Counter(outcome.state for _enrolment, outcome in finish.outcomes)
    return {
        "course": course,
        "finish": finish,
        "counts": [
            (state.label, counts[state]) for state in EnrolmentState.outcomes() if counts[state]
        ],
        "shown": fingerprint(finish),
        "refusal": refusal,
        "back": _marks_page(course),
    }


def may_finish(user, course=None):
    return rights.may(user, "finish_course", course)


def _marks_page(course):
    return reverse("admin:courses_course_marks", args=[course.pk])


def _before_reopening(course):
    """What reopening does; certificates that were issued stay valid."""
    sentence = _(
        "For corrections. The outcomes are taken off and computed anew when you finish the course "
        "again; the history keeps the former ones."
    )
    count = Certificate.objects.valid().filter(enrolment__course=course).count()
    if not count:
        return sentence
    return (
        sentence
        + " "
        + ngettext(
            "%(count)d certificate was issued and stays valid. If its outcome changes, the first page "
            "says so: revoke it then.",
            "%(count)d certificates were issued and stay valid. If an outcome changes, the first page "
            "says so: revoke that certificate then.",
            count,
        )
        % {"count": count}
    )


# --- On the course's page ---------------------------------------------------------------------


@object_action(
    gettext_lazy("Reopen"),
    form=ReasonForm,
    may=rights.RIGHTS.asks("reopen_course"),
    when=lambda course: course.state == CourseState.FINISHED,
    text=_before_reopening,
    danger=True,
)
def reopen(self, request, course, data):
    services.reopen_course(course=course, by=request.user, **data)
    return _("The course is running again.")


finish = object_link(
    gettext_lazy("Finish the course"),
    lambda course: reverse("admin:courses_course_outcome", args=[course.pk]),
    may=rights.RIGHTS.asks("finish_course"),
    when=lambda course: course.state == CourseState.RUNNING,
    next_when=lambda course: course.end < timezone.localdate(),
)
