"""The table of marks: one cell for each trainee and module, sent as a whole, saved cell by cell.

The teacher page and the course's desk in the admin show the same table.
"""

import json

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izmek.acts.refusal import Conflict, Refusal, sentence_of
from izmek.text.codes import row_key
from izmek.text.figures import number
from trainees.arithmetic import success_mark
from trainees.enums import EnrolmentState
from trainees.services import mark_text, outcome_of, set_mark


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


def mark_rows(course, modules):
    """The rows of everyone with a seat, in Turkish order."""
    enrolments = list(
        course.enrolments.holding_seat()
        .with_attendance()
        .select_related("trainee")
        .prefetch_related("marks")
        .in_name_order()
    )
    read = getattr(course, "_prefetched_objects_cache", {})
    course._prefetched_objects_cache = {**read, "modules": modules}
    for enrolment in enrolments:
        enrolment.course = course
    return [MarkRow(enrolment, modules) for enrolment in enrolments]


def take_marks(data, by, rows):
    """Write the changed cells; valid ones are saved even if others fail.

    Returns whether any was written, whether any failed, and what the page shows now: {key of the
    cell: mark}. Failed cells keep the typed text and show the error, which names the mark that
    somebody else has entered.
    """
    shown = _shown(data)
    written = wrong = False
    for row in rows:
        for cell in row.cells:
            typed = data.get(f"m{cell.key}", cell.text).strip()
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
                        by=by,
                    )
                shown[cell.key] = mark_text(mark)
            except Refusal as refusal:
                cell.error, wrong = sentence_of(refusal), True
                if isinstance(refusal, Conflict):
                    shown[cell.key] = now
            else:
                written = True
    return written, wrong, shown


def _shown(data):
    """What the form showed when it was opened: {key of a cell: its text}."""
    try:
        return dict(json.loads(data.get("shown", "")))
    except (ValueError, TypeError, RecursionError):
        return {}


def gone_seats(data, course, rows):
    """Seats that have no row any more, but for which the form brings a mark that was typed now."""
    shown, there = _shown(data), {str(row.enrolment.pk) for row in rows}
    typed = set()
    for name, value in data.items():
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


def marks_in_words(enrolment, modules):
    """The mean of the marks so far and how many are missing; `modules`: the number of modules.

    The marks of the enrolment are prefetched.
    """
    marks = list(enrolment.marks.all())
    mean = success_mark([mark.value for mark in marks])
    words = [] if mean is None else [_("mean %(mean)s") % {"mean": number(mean, 1)}]
    if missing := modules - len(marks):
        words.append(
            ngettext("%(n)d mark missing", "%(n)d marks missing", missing) % {"n": missing}
        )
    return " · ".join(words)
