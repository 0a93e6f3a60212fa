"""What all teacher pages share: access, HTTP headers, and the rows that a teacher may open."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page

from courses.enums import CourseState
from courses.models import Course, Session
from izmek.accounts.access import roles
from izmek.accounts.roles import Role
from izmek.acts.audit import log_look
from izmek.acts.prepared import prepared
from izmek.acts.refusal import sentence_of
from trainees.models import Enrolment


def teacher_page(view):
    """Mark a view as a teacher page: not cached by browsers or proxies, and compressed.

    Others may use the same phone, so no data may stay on it. Compression makes a page four times
    smaller, for weak mobile connections.
    """
    return roles(Role.TEACHER)(gzip_page(cache_control(no_store=True, private=True)(view)))


# --- Rows a teacher may open ------------------------------------------------------------------


def own_course(request, pk, *with_more):
    """The course with this key if the user teaches it today; else Http404.

    `with_more`: names of the methods of its QuerySet that annotate what the page needs.
    """
    return _the_one(_own_courses(user=request.user, with_more=with_more, key=pk))


@prepared(by=("user", "with_more"))
def _own_courses(user, with_more, key):
    mine = Course.objects.taught_by(user).values("pk")
    courses = Course.objects.filter(pk=key)
    for name in with_more:
        courses = getattr(courses, name)()
    courses = courses.filter(pk__in=mine)
    return courses.select_related("programme", "centre", "room", "term__year")


def own_session(request, pk):
    """The lesson with this key if the user may call its roll, as teacher or as substitute."""
    return _the_one(_own_sessions(user=request.user, key=pk))


@prepared(by=("user",))
def _own_sessions(user, key):
    sessions = Session.objects.taught_by(user).filter(pk=key)
    return sessions.select_related(
        "course__programme", "course__centre", "course__room", "teacher", "roll_call__by"
    )


def own_enrolment(request, pk):
    """The seat with this key if it is in a course that the user teaches today; the look is noted."""
    found = _the_one(_own_enrolments(user=request.user, key=pk))
    log_look(found, by=request.user)
    return found


@prepared(by=("user",))
def _own_enrolments(user, key):
    courses = Course.objects.taught_by(user).values("pk")
    return Enrolment.objects.filter(course__in=courses, pk=key).select_related(
        "trainee__neighbourhood", "course__programme", "course__centre", "course__term__year"
    )


def _the_one(rows):
    if not rows:
        raise Http404
    return rows[0]


def note_substitute(session, user):
    """Set who gives the lesson: `stands_in` (the user, for someone else) or `given_to`."""
    session.stands_in = session.teacher is not None and session.teacher.user_id == user.pk
    session.given_to = None if session.stands_in else session.teacher


def too_late(request, course, back):
    """The way back, with the reason, from the form of an act that a course over takes no more; or None."""
    if course.state not in CourseState.over():
        return None
    messages.error(request, _("The course is over."))
    return redirect(back)


# --- How a page is sent -----------------------------------------------------------------------


def page(request, template, context, *, course=None, status=200):
    """Render a teacher page with its navigation; `course`: the course whose links are shown."""
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
    """The data to bind a form to: the POST data, or None for a GET."""
    return request.POST if request.method == "POST" else None


def show_form(request, form, *, title, submit, back, course, **more):
    """A page with one form.

    `lines`: sentences above it; `session`: the lesson; `danger`: the action cannot be undone
    easily.
    """
    context = {"form": form, "title": title, "submit": submit, "back": back, **more}
    status = 422 if form.errors else 200
    return page(request, "teacher/form.html", context, course=course, status=status)


def wants_json(request):
    """Whether the page's script sent the request, not the browser itself."""
    return request.headers.get("Accept") == "application/json"


def refused(refusal, status=409):
    """A refusal as JSON for the page's script, which shows the sentence at the place of the tap."""
    return JsonResponse({"error": sentence_of(refusal)}, status=status)
