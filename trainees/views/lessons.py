"""The lessons of a course in the teacher pages: list, cancellation, substitute, make-up lesson."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Course, Session
from courses.services import add_session, cancel_session, name_substitute, teacher_on
from izmek.acts.refusal import Refusal, show_refusal
from trainees.forms.lessons import CancelForm, MakeUpForm, SubstituteForm
from trainees.queries.roll import with_roll
from trainees.views.calls import after_act
from trainees.views.teacher_page import own_course, page, sent, show_form, teacher_page, too_late


@teacher_page
@require_safe
def lessons(request, pk):
    """The weekly timetable and every lesson, future lessons first."""
    found = own_course(request, pk, "with_lesson_hours")
    now = timezone.localtime()
    today = now.date()
    coming, past = [], []
    sessions = with_roll(found.sessions.with_holiday()).select_related("teacher", "roll_call")
    for session in sessions.order_by("date", "begin"):
        # Today's lesson counts as future until it is over and its roll is called.
        done = hasattr(session, "roll_call") and (session.date, session.end) <= (today, now.time())
        (past if session.date < today or done else coming).append(session)
    context = {
        "slots": found.slots.all(),
        "coming": coming,
        "past": past[::-1],
        "uncalled": [s for s in past if s.takes_place and not hasattr(s, "roll_call")],
        "today": today,
        "hours": hours_of(found),
    }
    return page(request, "teacher/lessons.html", context, course=found)


def hours_of(course):
    """The lesson hours of a course `with_lesson_hours()`: total, planned, held, and missing."""
    total = course.total_hours or course.programme.total_hours
    return {
        "total": total,
        "planned": course.hours_planned,
        "held": course.hours_held,
        "missing": max(0, total - course.hours_planned),
    }


# --- One lesson -------------------------------------------------------------------------------


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, pk):
    session = _own_lesson(request, pk)
    lessons_page = reverse("teacher-lessons", args=[session.course_id])
    if back := too_late(request, session.course, lessons_page):
        return back
    if request.method != "POST" and hasattr(session, "roll_call"):
        messages.error(request, _("The roll of this lesson was called: it was held."))
        return redirect(lessons_page)
    form = CancelForm(sent(request))
    if form.is_valid():
        try:
            cancel_session(session=session, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The lesson is cancelled."))
            return after_act(session.course, lessons_page)
    return _show(request, session, form, _("Cancel a lesson"), _("Cancel the lesson"), danger=True)


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def substitute(request, pk):
    session = _own_lesson(request, pk)
    lessons_page = reverse("teacher-lessons", args=[session.course_id])
    if back := too_late(request, session.course, lessons_page):
        return back
    form = SubstituteForm(
        sent(request),
        course=session.course,
        own=teacher_on(session.course, session.date),
        initial={"teacher": session.teacher_id},
    )
    if form.is_valid():
        try:
            name_substitute(session=session, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Who gives the lesson is noted."))
            return redirect(lessons_page)
    return _show(request, session, form, _("Name a substitute"), _("Save"))


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def make_up(request, pk):
    """Add a lesson outside the timetable."""
    found = own_course(request, pk, "with_lesson_hours")
    lessons_page = reverse("teacher-lessons", args=[found.pk])
    if back := too_late(request, found, lessons_page):
        return back
    slot = found.slots.first()
    initial = slot and {"begin": slot.begin, "end": slot.end, "lesson_hours": slot.lesson_hours}
    form = MakeUpForm(sent(request), initial=initial)
    if form.is_valid():
        try:
            session = add_session(course=found, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The lesson is added."))
            return after_act(found, f"{lessons_page}#d{session.pk}")
    missing = hours_of(found)["missing"]
    return show_form(
        request,
        form,
        course=found,
        title=_("Add a make-up lesson"),
        lines=[_("Lesson hours missing from the total: %(hours)d") % {"hours": missing}],
        submit=_("Add the lesson"),
        back=lessons_page,
    )


def _own_lesson(request, pk):
    """A lesson of the teacher's own course. A substitute may only call the roll."""
    courses = Course.objects.taught_by(request.user).values("pk")
    sessions = Session.objects.filter(course__in=courses).select_related(
        "course__programme", "course__centre", "course__term__year", "roll_call"
    )
    return get_object_or_404(sessions, pk=pk)


def _show(request, session, form, title, submit, danger=False):
    return show_form(
        request,
        form,
        course=session.course,
        session=session,
        title=title,
        submit=submit,
        danger=danger,
        back=reverse("teacher-lessons", args=[session.course_id]),
    )
