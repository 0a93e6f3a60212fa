"""Issuing the certificates of a finished course: everybody with the reason, then one button."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.enums import CourseState
from izmek.acts.refusal import Refusal
from izmek.acts.rights import NotAllowed
from izmek.admin import object_link
from izmek.text.codes import row_key
from trainees import rights, services
from trainees.queries.certificates import ISSUED_WITHIN, without_certificate


def certificates_tab(admin, request, course):
    """Who of a finished course gets a certificate, and the reason of everybody else; POST issues them."""
    refusal = None
    if request.method == "POST":
        keys = {row_key(key) for key in request.POST.getlist("seat")}
        seats = [seat for seat in course.enrolments.all() if seat.pk in keys]
        try:
            made = services.issue_certificates(course=course, enrolments=seats, by=request.user)
        except NotAllowed:
            raise
        except Refusal as error:
            refusal = error
        else:
            sentence = ngettext(
                "%(count)d certificate is issued: %(first)s.",
                "%(count)d certificates are issued: %(first)s to %(last)s.",
                len(made),
            ) % {"count": len(made), "first": made[0].number, "last": made[-1].number}
            admin.message_user(request, sentence, messages.SUCCESS)
            return HttpResponseRedirect(_papers_of(course))
    if course.state != CourseState.FINISHED:
        sentence = _("Certificates are issued once the course is finished.")
        admin.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(_papers_of(course))
    candidates = services.preview_certificates(course)
    sent = {row_key(key) for key in request.POST.getlist("seat")} if refusal else None
    rows = [
        (one, one.is_proposed if sent is None else one.enrolment.pk in sent) for one in candidates
    ]
    return {
        "course": course,
        "rows": rows,
        "uncalled": course.sessions.taking_place().uncalled().count(),
        "signatories": services.signatories_of(course),
        "count": sum(not one.why_not for one in candidates),
        "refusal": refusal,
        "back": _papers_of(course),
        "status": 400 if refusal else 200,
    }


def may_issue(user, course=None):
    return rights.may(user, "issue_certificates", course)


def is_finished(course):
    return course.state == CourseState.FINISHED


def _papers_of(course):
    return reverse("admin:courses_course_papers", args=[course.pk])


def _waits(course):
    """Whether the next step is to issue: it has ended lately, and somebody earned one and has none."""
    return (
        course.state == CourseState.FINISHED
        and course.end > timezone.localdate() - ISSUED_WITHIN
        and course.enrolments.filter(without_certificate()).exists()
    )


issue = object_link(
    gettext_lazy("Issue certificates"),
    lambda course: reverse("admin:courses_course_certificates", args=[course.pk]),
    may=rights.RIGHTS.asks("issue_certificates"),
    when=is_finished,
    next_when=_waits,
)
