"""Marks: one module at a time on a phone, the whole table on a wide screen; saved per cell."""

import json

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from izmek.acts.refusal import Conflict, Refusal
from izmek.text.codes import row_key
from trainees.forms.marks import gone_seats, mark_rows, outcome_text, take_marks
from trainees.services import mark_text, outcome_of, set_mark
from trainees.views.teacher_page import own_course, page, refused, teacher_page


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def marks(request, pk):
    """The marks of a course; `?modul=` chooses the module shown on a narrow screen.

    The form without a script sends all cells at once; only changed cells are written.
    """
    course = own_course(request, pk)
    modules = list(course.modules.all())
    rows = mark_rows(course, modules)
    chosen = _chosen(request, modules)
    shown = {cell.key: cell.text for row in rows for cell in row.cells}
    if request.method == "POST":
        written, wrong, shown = take_marks(request.POST, request.user, rows)
        gone = gone_seats(request.POST, course, rows)
        for enrolment in gone:
            messages.warning(
                request,
                _("Nothing was saved for %(who)s, who has left the course meanwhile: %(state)s.")
                % {"who": enrolment.trainee, "state": enrolment.get_state_display()},
            )
        if not wrong:
            if written or not gone:
                messages.success(request, _("The marks are saved."))
            return redirect(reverse("teacher-marks", args=[course.pk]) + f"?modul={chosen.pk}")
    cells = [cell for row in rows for cell in row.cells]
    context = {
        "modules": modules,
        "chosen": chosen,
        "rows": rows,
        "wrong": [cell for cell in cells if cell.error],
        "shown": json.dumps(shown),
    }
    status = 422 if context["wrong"] else 200
    return page(request, "teacher/marks.html", context, course=course, status=status)


@teacher_page
@require_POST
def mark(request, pk):
    """One cell: `enrolment`, `module`, `value`, and `shown`, the mark that the page showed.

    The answer holds the new outcome, or after a conflict the present mark (`now`).
    """
    course = own_course(request, pk)
    keys = [row_key(request.POST.get(name, "")) for name in ("enrolment", "module")]
    enrolment_key, module_key = keys
    enrolment = get_object_or_404(course.enrolments.select_related("course"), pk=enrolment_key)
    module = get_object_or_404(course.modules, pk=module_key)
    try:
        set_mark(
            enrolment=enrolment,
            module=module,
            value=request.POST.get("value"),
            shown=request.POST.get("shown"),
            by=request.user,
        )
    except Conflict as conflict:
        now = mark_text(enrolment.marks.filter(module=module).first())
        return JsonResponse({"error": " ".join(conflict.messages), "now": now}, status=409)
    except Refusal as refusal:
        return refused(refusal)
    missing = course.modules.count() - enrolment.marks.count()
    return JsonResponse({"outcome": outcome_text(outcome_of(enrolment), missing)})


def _chosen(request, modules):
    """The module that `?modul=` names, else the first."""
    asked = request.GET.get("modul")
    return next((one for one in modules if str(one.pk) == asked), modules[0] if modules else None)
