"""The roll of a whole course, a tab of its desk: people × the lessons of a month, one lesson to correct."""

import json
from contextlib import suppress
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from izmek.acts.rules import holds
from izmek.admin.masking import masked_for
from izmek.text.codes import row_key
from trainees.forms.roll import HoursForm, lines_of, shown_lines, take_lines
from trainees.models import Absence
from trainees.queries.seats import attends_on
from trainees.rights import RIGHTS
from trainees.services import call_roll, check_roll


def roll_tab(admin, request, course):
    """`?month=2026-11` chooses the month, `?lesson=12` opens a lesson's column; POST saves that column."""
    lessons = _lessons(course)
    months = sorted({lesson.date.replace(day=1) for lesson in lessons})
    opened, refusal, lines = _opened(request, course, lessons), None, {}
    if opened:
        lines, shown, refusal, answer = _column(admin, request, course, opened)
        if answer:
            return answer
    month = opened.date.replace(day=1) if opened else _month(request, months)
    columns = [lesson for lesson in lessons if lesson.date.replace(day=1) == month]
    may_mark = bool(columns) and RIGHTS.may(request.user, "mark_absent", columns[0])
    today = timezone.localdate()
    for lesson in columns:
        lesson.is_opened = opened is not None and lesson.pk == opened.pk
        lesson.may_open = may_mark and lesson.date <= today and not lesson.holiday
    return {
        "months": [
            (f"{MONTHS[one.month]} {one.year}", f"{one:%Y-%m}", one == month) for one in months
        ],
        "month": f"{month:%Y-%m}" if month else "",
        "lessons": columns,
        "rows": _rows(request, course, columns, lines),
        "opened": opened,
        "shown": json.dumps(shown) if opened else "",
        "refusal": refusal,
        "status": 409 if refusal else 200,
    }


def _lessons(course):
    """The lessons that were not cancelled, each with its holiday and its roll call."""
    rows = course.sessions.not_cancelled().with_holiday().select_related("roll_call__by")
    rows = list(rows.order_by("date", "begin"))
    for row in rows:
        row.course = course
    return rows


def _month(request, months):
    """The month that `?month=` names, if there are lessons in it; else the last one begun."""
    begun = [month for month in months if month <= timezone.localdate()]
    default = begun[-1] if begun else next(iter(months), None)
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return default
    return asked if asked in months else default


def _opened(request, course, lessons):
    """The lesson of `?lesson=`, or None when none is named; 404 when it is none of the course."""
    asked = request.GET.get("lesson")
    if asked is None:
        return None
    key = row_key(asked)
    found = next((lesson for lesson in lessons if lesson.pk == key), None)
    if found is None:
        raise Http404
    return found


def _column(admin, request, course, lesson):
    """({key of a seat: its line}, what the form shows, a refusal, an answer) for the opened lesson.

    Only a form that says what it showed is a roll; anything else that is sent writes nothing.
    """
    sent = "shown" in request.POST
    lines = lines_of(lesson, HoursForm)
    shown = {line.key: list(line.absence) for line in lines if line.absence}
    refusal = None
    try:
        check_roll(session=lesson, by=request.user)
        if sent:
            with transaction.atomic():
                take_lines(request.POST, request.user, lines)
                call_roll(session=lesson, by=request.user)
            admin.message_user(
                request,
                _("The roll of %(day)s is saved.") % {"day": f"{lesson.date:%d.%m.%Y}"},
                messages.SUCCESS,
            )
            back = f"{request.path}?month={lesson.date:%Y-%m}"
            return lines, shown, None, HttpResponseRedirect(back)
    except Refusal as error:
        if isinstance(error, PermissionDenied):
            raise
        refusal = error
        if not sent:  # this lesson has no roll to correct, and it is said why
            admin.message_user(request, " ".join(error.messages), messages.WARNING)
            back = f"{request.path}?month={lesson.date:%Y-%m}"
            return lines, shown, None, HttpResponseRedirect(back)
        shown = shown_lines(request.POST["shown"])
        told = getattr(error, "line", None)
        if told is not None:  # the next save is deliberate
            shown[told.key] = told.absence
        for line in lines:
            with suppress(Refusal):
                line.take(request.POST)
    return {line.key: line for line in lines}, shown, refusal, None


class RollCell:
    """What a trainee missed of a lesson. `kind`: out, open, present, absent or excused."""

    def __init__(self, lesson, enrolment, absence, line):
        self.lesson, self.line, self.hours = lesson, None, None
        if not holds(attends_on(lesson.date), enrolment):
            self.kind, self.text = "out", "–"
        elif lesson.is_opened and line is not None:
            self.kind, self.line = "opened", line
            self.hours, self.excused, self.note = line.typed or line.absence or (None, False, "")
        elif absence is not None:
            self.kind = "excused" if absence.excused else "absent"
            self.text, self.note = absence.hours, absence.note
        elif hasattr(lesson, "roll_call"):
            self.kind, self.text = "present", "·"
        else:
            self.kind, self.text = "open", ""


def _rows(request, course, lessons, lines):
    """The people on the roll of some lessons, each with a cell for each of them."""
    if not lessons:
        return []
    first, last = lessons[0].date, lessons[-1].date
    enrolments = list(
        course.enrolments.held_between(first, last)
        .with_attendance()
        .select_related("trainee")
        .in_name_order()
    )
    absences = Absence.objects.filter(session__in=lessons)
    marked = {
        (absence.enrolment_id, absence.session_id): absence
        for absence in masked_for(request.user, absences)
    }
    for enrolment in enrolments:
        enrolment.course = course
        enrolment.cells = [
            RollCell(
                lesson,
                enrolment,
                marked.get((enrolment.pk, lesson.pk)),
                lines.get(str(enrolment.pk)),
            )
            for lesson in lessons
        ]
    return enrolments
