"""The people of a course whom the teacher has to call, because no letter reaches them."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from izmek.text.codes import row_key
from trainees.services import tick_call
from trainees.views.teacher_page import own_course, page, teacher_page


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request, pk):
    """Whom to call and what to say; those that are ticked are done."""
    course = own_course(request, pk)
    if request.method == "POST":
        keys = {row_key(key) for key in request.POST.getlist("call")}
        ticked = list(course.calls.open().filter(pk__in=keys - {None}))
        for call in ticked:
            tick_call(call=call, by=request.user)
        if ticked:
            sentence = ngettext(
                "%(count)d call is noted.", "%(count)d calls are noted.", len(ticked)
            )
            messages.success(request, sentence % {"count": len(ticked)})
        return redirect("teacher-calls", pk=course.pk)
    context = {"calls": course.calls.open().with_people().order_by("created_at", "pk")}
    return page(request, "teacher/calls.html", context, course=course)


def after_act(course, otherwise):
    """The answer to an act: the people to call, if there are any, else another page."""
    if course.calls.open().exists():
        return redirect("teacher-calls", pk=course.pk)
    return redirect(otherwise)
