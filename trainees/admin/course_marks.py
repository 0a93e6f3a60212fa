"""The marks of a course, a tab of its desk: people × modules, typed as on the teacher's page."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from courses.enums import CourseState
from izmek.acts.imports import KINDS
from izmek.admin.imports import list_address
from trainees.forms.marks import gone_seats, mark_rows, take_marks
from trainees.rights import RIGHTS


def marks_tab(admin, request, course):
    """The whole table is one form; only changed cells are written, valid ones even if others fail."""
    modules = list(course.modules.all())
    rows = mark_rows(course, modules)
    shown = {cell.key: cell.text for row in rows for cell in row.cells}
    may_set = RIGHTS.may(request.user, "set_mark", rows[0].enrolment if rows else None)
    if request.method == "POST":
        if not may_set:
            raise PermissionDenied
        written, wrong, shown = take_marks(request.POST, request.user, rows)
        gone = gone_seats(request.POST, course, rows)
        for seat in gone:
            admin.message_user(
                request,
                _("Nothing was saved for %(who)s, who has left the course meanwhile: %(state)s.")
                % {"who": seat.trainee, "state": seat.get_state_display()},
                messages.WARNING,
            )
        if not wrong:
            if written or not gone:
                admin.message_user(request, _("The marks are saved."), messages.SUCCESS)
            return HttpResponseRedirect(request.path)
    cells = [cell for row in rows for cell in row.cells]
    wrong = [cell for cell in cells if cell.error]
    may_type = course.state in CourseState.enrolling() and may_set
    may_import = may_type and KINDS["marks"].may(request.user, course)
    return {
        "modules": modules,
        "rows": rows,
        "wrong": wrong,
        "shown": json.dumps(shown),
        "may_type": may_type,
        "import_address": list_address("marks", course) if may_import else "",
        "status": 422 if wrong else 200,
    }
