"""Roll call: everyone is present until marked absent (DESIGN.md §3, Absence, RollCall)."""

import json
from contextlib import suppress

from django.contrib import messages
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Session
from izmek.acts.refusal import Refusal, sentence_of
from izmek.text.codes import row_key
from trainees.forms.roll import (
    LineForm,
    first_error,
    lines_of,
    shown_lines,
    stamp,
    take_lines,
    write_line,
)
from trainees.models import Enrolment
from trainees.services import call_roll, check_roll
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
            with transaction.atomic():
                if "shown" in request.POST:
                    take_lines(request.POST, request.user, lines_of(session))
                call_roll(session=session, by=request.user)
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
    lines = lines_of(session) if call or not closed else []
    shown = json.dumps({line.key: line.absence for line in lines if line.absence})
    if refusal:
        told = getattr(
            refusal, "line", None
        )  # changed by somebody else: the next save is deliberate
        shown = shown_lines(request.POST.get("shown", shown))
        if told:
            shown[told.key] = told.absence
        shown = json.dumps(shown)
        for line in lines:
            with suppress(Refusal):
                line.take(request.POST)
    hours = range(1, session.lesson_hours)
    context = {
        "session": session,
        "course": session.course,
        "lines": lines,
        "shown": shown,
        "absent_count": sum(line.absence is not None for line in lines),
        "part_hours": hours,
        # Rendered once: it is the same in each line but those of who missed a part.
        "whole_lesson": render_to_string("teacher/_part_hours.html", {"part_hours": hours}),
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
        return refused(Refusal(first_error(form.errors)), status=400)
    # The act itself checks whose lesson it is and whether the trainee is on its roll.
    try:
        write_line(Enrolment(pk=key), Session(pk=pk), form.absence, request.user)
    except Refusal as refusal:
        if refusal.reason in ("right", "not on the roll"):
            raise Http404 from None
        return refused(refusal)
    return JsonResponse({"stamp": stamp(request.user, timezone.now())})


def _why_closed(session, user):
    """Why the roll cannot be called or corrected now, as a sentence; "" when it can."""
    try:
        check_roll(session=session, by=user)
    except Refusal as refusal:
        return sentence_of(refusal)
    return ""
