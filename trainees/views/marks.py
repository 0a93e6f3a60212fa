"""Marks: one module at a time on a phone, the whole table on a wide screen; saved per cell."""

import json

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from izmek.acts.refusal import Conflict, Refusal
from izmek.text.codes import row_key
from izmek.text.figures import number
from trainees.enums import EnrolmentState
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
    rows = _rows(course, modules)
    chosen = _chosen(request, modules)
    shown = {cell.key: cell.text for row in rows for cell in row.cells}
    if request.method == "POST":
        written, wrong, shown = _take(request, rows)
        gone = _gone(request, course, rows)
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


class MarkCell:
    """The mark of one trainee in one module, as text: a number, M, or nothing."""

    def __init__(self, enrolment, module, mark):
        self.enrolment, self.module = enrolment, module
        self.key = f"{enrolment.pk}-{module.pk}"
        self.text = mark_text(mark)
        self.failed = (
            mark is not None and not mark.exempt and mark.value < enrolment.course.pass_mark
        )
        self.error = ""


class MarkRow:
    """A trainee with their cells and the current outcome."""

    def __init__(self, enrolment, modules):
        self.enrolment = enrolment
        given = {mark.module_id: mark for mark in enrolment.marks.all()}
        self.cells = [MarkCell(enrolment, module, given.get(module.pk)) for module in modules]
        self.outcome = outcome_text(outcome_of(enrolment), len(modules) - len(given))


def _rows(course, modules):
    enrolments = list(
        course.enrolments.holding_seat()
        .with_attendance()
        .select_related("trainee")
        .prefetch_related("marks")
        .in_name_order()
    )
    course._prefetched_objects_cache = {"modules": modules}
    for enrolment in enrolments:
        enrolment.course = course
    return [MarkRow(enrolment, modules) for enrolment in enrolments]


def _chosen(request, modules):
    """The module that `?modul=` names, else the first."""
    asked = request.GET.get("modul")
    return next((one for one in modules if str(one.pk) == asked), modules[0] if modules else None)


def _take(request, rows):
    """Write the changed cells; valid ones are saved even if others fail.

    Returns whether any was written, whether any failed, and what the page shows now: {key of the
    cell: mark}. Failed cells keep the typed text and show the error, which names the mark that
    somebody else has entered.
    """
    shown = _shown(request)
    written = wrong = False
    for row in rows:
        for cell in row.cells:
            typed = request.POST.get(f"m{cell.key}", cell.text).strip()
            if typed == shown.get(cell.key, cell.text):
                continue
            now, cell.text = cell.text, typed
            try:
                with transaction.atomic():
                    mark = set_mark(
                        enrolment=row.enrolment,
                        module=cell.module,
                        value=typed,
                        shown=shown.get(cell.key),
                        by=request.user,
                    )
                shown[cell.key] = mark_text(mark)
            except Refusal as refusal:
                cell.error, wrong = " ".join(refusal.messages), True
                if isinstance(refusal, Conflict):
                    shown[cell.key] = now
            else:
                written = True
    return written, wrong, shown


def _shown(request):
    """What the form showed when it was opened: {key of a cell: its text}."""
    try:
        return dict(json.loads(request.POST.get("shown", "")))
    except (ValueError, TypeError, RecursionError):
        return {}


def _gone(request, course, rows):
    """Seats that have no row any more, but for which the form brings a mark that was typed now."""
    shown, there = _shown(request), {str(row.enrolment.pk) for row in rows}
    typed = set()
    for name, value in request.POST.items():
        cell = name.removeprefix("m")
        seat = cell.partition("-")[0]
        if name != cell and seat not in there and value.strip() != shown.get(cell, value.strip()):
            typed.add(row_key(seat))
    return course.enrolments.filter(pk__in=typed - {None}).select_related("trainee").in_name_order()


def outcome_text(outcome, missing):
    """An outcome in a few words, with the mean; `missing`: number of modules without a mark.

    While marks are missing, it says "failed" only because of absence.
    """
    words = str(outcome.state.label)
    if missing and outcome.state != EnrolmentState.ABSENT:
        words = ngettext("%(n)d mark missing", "%(n)d marks missing", missing) % {"n": missing}
    if outcome.success_mark is not None:
        words += " · " + _("mean %(mean)s") % {"mean": number(outcome.success_mark, 1)}
    return words
