"""The roll of a lesson as a form: one line for each trainee, sent as a whole or one by one.

The teacher page and the course's desk in the admin send the same lines.
"""

import json

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izmek.acts.prepared import prepared
from izmek.acts.refusal import Conflict, Refusal
from izmek.acts.sent_late import changed_to
from trainees.models import Enrolment
from trainees.services import mark_absent, mark_present


class LineForm(forms.Form):
    """One line of a roll: whether a trainee is absent, for how long and why."""

    absent = forms.BooleanField(required=False)
    hours = forms.IntegerField(label=gettext_lazy("Absent for"), min_value=1, required=False)
    excused = forms.BooleanField(required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=250, required=False)

    @property
    def absence(self):
        """[hours, excused, note] of a valid line, or None when present.

        Hours are None for the whole lesson.
        """
        line = self.cleaned_data
        if not line["absent"]:
            return None
        return [line["hours"], line["excused"], line["note"]]


class HoursForm(LineForm):
    """A line where the hours alone say it: none, or 0, is present.

    An excuse or a note that is new is refused without hours: it would be thrown away unseen.
    """

    absent = None
    hours = forms.IntegerField(
        label=gettext_lazy("absent lesson hours"), min_value=0, max_value=12, required=False
    )

    def clean(self):
        line = super().clean()
        new = [line.get(name) for name in ("excused", "note") if name in self.changed_data]
        if line.get("hours", 0) is None and any(new):
            self.add_error("hours", _("type the lesson hours missed; 0 means present."))
        return line

    @property
    def absence(self):
        line = self.cleaned_data
        return [line["hours"], line["excused"], line["note"]] if line["hours"] else None


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

    def __init__(self, session, enrolment, users, form=LineForm):
        self.session, self.enrolment, self.trainee = session, enrolment, enrolment.trainee
        self.key, self.form = str(enrolment.pk), form
        self.absence, self.stamp = None, ""
        self.typed = None  # hours, excused and note as they were sent, when they are invalid
        self.marked_by = enrolment.marked_by
        if enrolment.missed_hours:
            self.absence = [enrolment.missed_hours, enrolment.excused, enrolment.note]
            self.stamp = stamp(users.get(enrolment.marked_by), enrolment.marked_at)

    def take(self, data):
        """Read the line from a submitted form.

        Raises Refusal with the trainee's name when it is invalid.
        """
        before = dict(zip(("hours", "excused", "note"), self.absence or (), strict=False))
        form = self.form(data, prefix=f"k{self.key}", initial=before)
        if not form.is_valid():
            self.typed = [form[name].value() for name in ("hours", "excused", "note")]
            raise Refusal(f"{self.trainee}: {first_error(form.errors)}")
        self.absence = form.absence
        if self.absence:
            self.absence[0] = self.absence[0] or self.session.lesson_hours

    @property
    def part(self):
        """The missed hours if they are not the whole lesson."""
        hours = self.absence and self.absence[0]
        return hours if hours != self.session.lesson_hours else None


def lines_of(session, form=LineForm):
    """The lines of everyone on the roll of a lesson, in Turkish order; `form` reads them when sent."""
    enrolments = _on_roll(session=session.pk, course=session.course_id, day=session.date)
    users = get_user_model().objects.in_bulk({row.marked_by for row in enrolments} - {None})
    return [Line(session, enrolment, users, form) for enrolment in enrolments]


@prepared
def _on_roll(session, course, day):
    rows = Enrolment.objects.on_roll(course, day).with_absence_at(session)
    return rows.select_related("trainee").in_name_order()


def take_lines(data, by, lines):
    """Write the lines that were changed in a form that sends all of them.

    Unchanged lines are not written: someone else may have marked them meanwhile. Raises Refusal.
    """
    shown = shown_lines(data["shown"])
    for line in lines:
        now = line.absence
        line.take(data)
        before = shown.get(line.key)
        if line.absence == before:
            continue
        if now not in (before, line.absence) and line.marked_by != by.pk:
            line.absence = now
            raise MarkedMeanwhile(line)
        write_line(line.enrolment, line.session, line.absence, by)


def shown_lines(text):
    """What the form showed when it was opened: {key: absence} of those who were absent."""
    try:
        shown = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    lines = shown.items() if isinstance(shown, dict) else ()
    return {key: absence for key, absence in lines if isinstance(absence, list)}


def write_line(enrolment, session, absence, by):
    """Mark a line; `absence` as in LineForm, with hours None for the whole lesson."""
    line = {"enrolment": enrolment, "session": session, "by": by}
    if absence is None:
        mark_present(**line)
    else:
        hours, excused, note = absence
        mark_absent(hours=hours, excused=excused, note=note, **line)


def first_error(errors):
    return next(iter(errors.values()))[0]


def stamp(by, at):
    """Who marked something and when, as the roll shows it: `Elif Kaya, 14.05`."""
    at = timezone.localtime(at)
    when = date_format(at, "H.i" if at.date() == timezone.localdate() else "j F H.i")
    return f"{by}, {when}" if by else when
