"""Roll call: everyone is present until marked absent (DESIGN.md §3, Absence, RollCall)."""

import json
from contextlib import suppress

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Session
from izmek.acts.refusal import Conflict, Refusal
from izmek.acts.sent_late import changed_to
from izmek.text.codes import row_key
from trainees.forms.roll import LineForm
from trainees.models import Enrolment
from trainees.services import call_roll, check_roll, mark_absent, mark_present
from trainees.views.teacher_page import (
    note_substitute,
    own_session,
    page,
    refused,
    teacher_page,
    wants_json,
)


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request, pk):
    """The roll of a lesson. Without a script, the form sends all lines and ends the roll call.

    With a script, each tap is sent alone (`mark`); the final "done" comes here without `shown`.
    """
    session = own_session(request, pk)
    note_substitute(session, request.user)
    refusal = None
    if request.method == "POST":
        try:
            _take(request, session)
        except Refusal as error:
            if wants_json(request):
                return refused(error)
            refusal = error
        else:
            if wants_json(request):
                return JsonResponse({"stamp": stamp(request.user, timezone.now())})
            messages.success(request, _("The roll is saved."))
            return redirect("teacher-roll", pk=session.pk)
    closed = _why_closed(session, request.user)
    call = getattr(session, "roll_call", None)
    lines = _lines(session) if call or not closed else []
    shown = json.dumps({line.key: line.absence for line in lines if line.absence})
    if refusal:
        told = getattr(
            refusal, "line", None
        )  # changed by somebody else: the next save is deliberate
        shown = _shown(request.POST.get("shown", shown))
        if told:
            shown[told.key] = told.absence
        shown = json.dumps(shown)
        for line in lines:
            with suppress(Refusal):
                line.take(request.POST)
    context = {
        "session": session,
        "course": session.course,
        "lines": lines,
        "shown": shown,
        "absent_count": sum(line.absence is not None for line in lines),
        "part_hours": range(1, session.lesson_hours),
        "called": stamp(call.by, call.at) if call else "",
        "refusal": refusal,
        "why_closed": closed,
    }
    return page(request, "teacher/roll.html", context, status=409 if refusal else 200)


@teacher_page
@require_POST
def mark(request, pk):
    """One tap: a trainee is absent or not. It sends the complete state, so a repeat is harmless."""
    key = row_key(request.POST.get("enrolment", ""))
    if key is None:
        raise Http404
    form = LineForm(request.POST)
    if not form.is_valid():
        return refused(Refusal(_first(form.errors)), status=400)
    # The act itself checks whose lesson it is and whether the trainee is on its roll.
    try:
        _write(Enrolment(pk=key), Session(pk=pk), form.absence, request.user)
    except Refusal as refusal:
        if refusal.reason in ("right", "not on the roll"):
            raise Http404 from None
        return refused(refusal)
    return JsonResponse({"stamp": stamp(request.user, timezone.now())})


class MarkedMeanwhile(Conflict):
    """Somebody else has marked a line since the form was opened; `line` as it is now."""

    def __init__(self, line):
        hours = _("present") if line.absence is None else _hours(line.absence[0])
        super().__init__(f"{line.trainee}: {changed_to(hours)}", code="conflict")
        self.line = line


def _hours(hours):
    return ngettext("absent, %(n)d lesson hour", "absent, %(n)d lesson hours", hours) % {"n": hours}


class Line:
    """A trainee on the roll of a lesson.

    `absence`: [hours, excused, note], or None when present; `stamp`: who marked it and when.
    """

    def __init__(self, session, enrolment, users):
        self.session, self.enrolment, self.trainee = session, enrolment, enrolment.trainee
        self.key = str(enrolment.pk)
        self.absence, self.stamp = None, ""
        self.marked_by = enrolment.marked_by
        if enrolment.missed_hours:
            self.absence = [enrolment.missed_hours, enrolment.excused, enrolment.note]
            self.stamp = stamp(users.get(enrolment.marked_by), enrolment.marked_at)

    def take(self, data):
        """Read the line from a submitted form.

        Raises Refusal with the trainee's name when it is invalid.
        """
        form = LineForm(data, prefix=f"k{self.key}")
        if not form.is_valid():
            raise Refusal(f"{self.trainee}: {_first(form.errors)}")
        self.absence = form.absence
        if self.absence:
            self.absence[0] = self.absence[0] or self.session.lesson_hours

    @property
    def part(self):
        """The missed hours if they are not the whole lesson."""
        hours = self.absence and self.absence[0]
        return hours if hours != self.session.lesson_hours else None


def _lines(session):
    enrolments = list(
        Enrolment.objects.on_roll(session)
        .with_absence_at(session)
        .select_related("trainee")
        .in_name_order()
    )
    users = get_user_model().objects.in_bulk({row.marked_by for row in enrolments} - {None})
    return [Line(session, enrolment, users) for enrolment in enrolments]


def _why_closed(session, user):
    """Why the roll cannot be called or corrected now, as a sentence; "" when it can."""
    try:
        check_roll(session=session, by=user)
    except Refusal as refusal:
        return " ".join(refusal.messages)
    return ""


@transaction.atomic
def _take(request, session):
    """End the roll call; with the form without a script, first write the changed lines.

    Unchanged lines are not written: someone else may have marked them meanwhile.
    """
    if "shown" in request.POST:
        shown = _shown(request.POST["shown"])
        for line in _lines(session):
            now = line.absence
            line.take(request.POST)
            before = shown.get(line.key)
            if line.absence == before:
                continue
            if now not in (before, line.absence) and line.marked_by != request.user.pk:
                line.absence = now
                raise MarkedMeanwhile(line)
            _write(line.enrolment, session, line.absence, request.user)
    call_roll(session=session, by=request.user)


def _shown(text):
    """What the form showed when it was opened: {key: absence} of those who were absent."""
    try:
        shown = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    lines = shown.items() if isinstance(shown, dict) else ()
    return {key: absence for key, absence in lines if isinstance(absence, list)}


def _write(enrolment, session, absence, by):
    """Mark a line; `absence` as in LineForm, with hours None for the whole lesson."""
    line = {"enrolment": enrolment, "session": session, "by": by}
    if absence is None:
        mark_present(**line)
    else:
        hours, excused, note = absence
        mark_absent(hours=hours, excused=excused, note=note, **line)


def _first(errors):
    return next(iter(errors.values()))[0]


def stamp(by, at):
    """Who marked something and when, as the roll shows it: `Elif Kaya, 14.05`."""
    at = timezone.localtime(at)
    when = date_format(at, "H.i" if at.date() == timezone.localdate() else "j F H.i")
    return f"{by}, {when}" if by else when
