"""What every teacher page is made with: who opens it, how it travels, which rows are hers."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page

from courses.enums import CourseState
from courses.models import Course, Session
from izmek.accounts.access import roles
from izmek.accounts.roles import Role
from trainees.models import Enrolment


def teacher_page(view):
    """Mark a view as a page for teachers: kept by no browser and no proxy, sent compressed.

    Nothing of it may stay on a phone that others use too; and two bars of signal carry a quarter
    of it.
    """
    return roles(Role.TEACHER)(gzip_page(cache_control(no_store=True, private=True)(view)))


# --- Which rows are hers ----------------------------------------------------------------------


def own_course(request, pk, courses=None):
    """The course with this key, out of `courses`, if she teaches it today. Raises Http404 otherwise."""
    mine = Course.objects.taught_by(request.user).values("pk")
    courses = (Course.objects if courses is None else courses).filter(pk__in=mine)
    return get_object_or_404(
        courses.select_related("programme", "centre", "room", "term__year"), pk=pk
    )


def own_session(request, pk):
    """The lesson with this key if its roll is hers to call, as teacher or as substitute."""
    sessions = Session.objects.taught_by(request.user).select_related(
        "course__programme", "course__centre", "course__room", "teacher", "roll_call__by"
    )
    return get_object_or_404(sessions, pk=pk)


def own_enrolment(request, pk):
    """The seat with this key if it is in a course that she teaches today."""
    courses = Course.objects.taught_by(request.user).values("pk")
    enrolments = Enrolment.objects.filter(course__in=courses).select_related(
        "trainee__neighbourhood", "course__programme", "course__centre", "course__term__year"
    )
    return get_object_or_404(enrolments, pk=pk)


def row_key(text):
    """The key of a row as a form sends it; None for what cannot be one, such as 5,000 digits."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def note_substitute(session, user):
    """Note on a lesson who gives it: `stands_in` (the user, for someone else) or `given_to`."""
    session.stands_in = session.teacher is not None and session.teacher.user_id == user.pk
    session.given_to = None if session.stands_in else session.teacher


# --- How a page is sent -----------------------------------------------------------------------


def page(request, template, context, *, course=None, status=200):
    """Render a teacher page with her navigation; `course`: the one whose ways on are shown."""
    today = reverse("teacher-today")
    links = [(today, _("Today")), (reverse("account"), _("My account"))]
    frame = {
        "nav": [
            {"url": url, "label": label, "current": url == request.path} for url, label in links
        ]
    }
    if course is not None:
        frame["course"] = course
        frame["course_nav"] = _ways_of(request, course)
        frame["closed"] = course.state not in CourseState.enrolling()
    return render(request, template, frame | context, status=status)


def _ways_of(request, course):
    ways = [
        (_("Trainees"), "teacher-course"),
        (pgettext("of a course", "Lessons"), "teacher-lessons"),
        (_("Marks"), "teacher-marks"),
        (_("Works"), "teacher-works"),
    ]
    if not course.programme.module_based:
        del ways[2]
    return [
        {
            "label": label,
            "url": (url := reverse(name, args=[course.pk])),
            "current": url == request.path,
        }
        for label, name in ways
    ]


def sent(request):
    """What a form is bound to: the sent data, or None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def show_form(request, form, *, title, submit, back, course, **more):
    """A page with one form. `lines`: sentences above it; `session`: the lesson it is about;
    `danger`: what the button does cannot simply be undone.
    """
    context = {"form": form, "title": title, "submit": submit, "back": back, **more}
    status = 422 if form.errors else 200
    return page(request, "teacher/form.html", context, course=course, status=status)


def wants_json(request):
    """Whether the page's script asks, not the browser itself."""
    return request.headers.get("Accept") == "application/json"


def refused(refusal, status=409):
    """A refusal as the page's script reads it: the sentence, to be shown where it was tapped."""
    return JsonResponse({"error": " ".join(refusal.messages)}, status=status)
