"""A roll as an officer corrects it, on the page of the lesson; the history keeps the old values."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.admin.courses import SessionAdmin
from courses.enums import SessionState
from izmek.modeladmin import ActionForm, ReadOnlyInline, object_action
from trainees import services
from trainees.models import Absence, Enrolment


class AbsentInline(ReadOnlyInline):
    """Who was marked absent; everyone else was there once the roll was called."""

    model = Absence
    fields = ("enrolment", "hours", "excused", "note", "at", "by")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("by", "enrolment__trainee")
        return rows.select_related("enrolment__course__programme", "enrolment__course__centre")


class LineForm(ActionForm):
    """One trainee of the roll: how many lesson hours she missed, none being that she was there."""

    enrolment = forms.ModelChoiceField(label=_("trainee"), queryset=Enrolment.objects.none())
    hours = forms.IntegerField(
        label=_("absent lesson hours"),
        min_value=0,
        max_value=12,
        help_text=_("0: she was there."),
    )
    excused = forms.BooleanField(label=_("excused"), required=False)
    note = forms.CharField(label=_("note"), max_length=250, required=False)

    def __init__(self, *args, obj, **kwargs):
        super().__init__(*args, obj=obj, initial={"hours": obj.lesson_hours}, **kwargs)
        field = self.fields["enrolment"]
        field.queryset = Enrolment.objects.on_roll(obj).select_related("trainee").in_name_order()
        field.label_from_instance = lambda enrolment: str(enrolment.trainee)


def was_held(session):
    """Whether there is a roll to speak of: not cancelled, and its day has come."""
    return session.state != SessionState.CANCELLED and session.date <= timezone.localdate()


@object_action(
    _("Correct the roll"),
    form=LineForm,
    permission="trainees.change_absence",
    when=was_held,
    text=_("One trainee at a time. What was marked before stays in the history."),
)
def correct_roll(self, request, session, data):
    line = {"enrolment": data["enrolment"], "session": session, "by": request.user}
    if data["hours"]:
        services.mark_absent(
            hours=data["hours"], excused=data["excused"], note=data["note"], **line
        )
    else:
        services.mark_present(**line)
    return _("The roll is corrected: %(who)s") % {"who": data["enrolment"].trainee}


@object_action(
    _("The roll was called on paper"),
    permission="trainees.change_absence",
    when=lambda session: was_held(session) and not hasattr(session, "roll_call"),
    text=_("Mark who was absent first; everyone else counts as present from now on."),
)
def call_roll(self, request, session, data):
    services.call_roll(session=session, by=request.user)
    return _("The roll is recorded.")


SessionAdmin.correct_roll = correct_roll
SessionAdmin.call_roll = call_roll
SessionAdmin.object_actions = (*SessionAdmin.object_actions, "correct_roll", "call_roll")
SessionAdmin.inlines = (*SessionAdmin.inlines, AbsentInline)
