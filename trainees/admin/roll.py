"""Roll calls and absences in the admin; officers correct a roll on the lesson's page."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from courses.enums import SessionState
from izmek.admin import ActionForm, ReadOnlyAdmin, ReadOnlyInline, RelatedFilter, object_action
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.corrected import CorrectedAdmin
from trainees.models import Absence, Enrolment, RollCall
from trainees.rights import RIGHTS


@admin.register(RollCall)
class RollCallAdmin(ReadOnlyAdmin):
    list_display = ("day", "course", "at", "by")
    list_filter = (
        year_filter("session__course__term__year", lessons="session__date"),
        ("session__course__centre", RelatedFilter),
    )
    list_select_related = ("session__course__programme", "session__course__centre", "by")
    search_fields = ("session__course__programme__folded", "session__course__centre__folded")
    search_through = ("session__course",)
    ordering = ("-session__date", "-pk")
    fields = ("session", ("at", "by"))

    @admin.display(description=_("session"), ordering="session__date")
    def day(self, roll_call):
        return f"{roll_call.session.date:%d.%m.%Y} {roll_call.session.begin:%H.%M}"

    @admin.display(description=_("course"), ordering=tr_order("session__course__programme__name"))
    def course(self, roll_call):
        return roll_call.session.course


@admin.register(Absence)
class AbsenceAdmin(CorrectedAdmin):
    list_display = ("who", "course", "day", "hours", "excused", "note")
    list_filter = (
        year_filter("session__course__term__year", lessons="session__date"),
        "excused",
        ("enrolment__course__centre", RelatedFilter),
    )
    list_select_related = (
        "enrolment__trainee",
        "enrolment__course__programme",
        "enrolment__course__centre",
        "session",
    )
    search_fields = ("enrolment__trainee__folded", "enrolment__course__programme__folded")
    search_through = ("enrolment__trainee", "enrolment__course")
    ordering = ("-session__date", "-pk")
    fixed = ("enrolment", "session")
    fields = ("enrolment", "session", ("hours", "excused"), "note", ("at", "by"))

    def save_row(self, request, absence):
        services.mark_absent(
            enrolment=absence.enrolment,
            session=absence.session,
            hours=absence.hours,
            excused=absence.excused,
            note=absence.note,
            by=request.user,
        )

    @admin.display(description=_("session"), ordering="session__date")
    def day(self, absence):
        return f"{absence.session.date:%d.%m.%Y}"


class AbsentInline(ReadOnlyInline):
    """Those marked absent; after the roll call everyone else counts as present."""

    model = Absence
    fields = ("enrolment", "hours", "excused", "note", "at", "by")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("by", "enrolment__trainee")
        return rows.select_related("enrolment__course__programme", "enrolment__course__centre")


class LineActForm(ActionForm):
    """One trainee's line: the missed lesson hours; none means present."""

    enrolment = forms.ModelChoiceField(label=_("trainee"), queryset=Enrolment.objects.none())
    hours = forms.IntegerField(
        label=_("absent lesson hours"),
        min_value=0,
        max_value=12,
        help_text=_("0: was there."),
    )
    excused = forms.BooleanField(label=_("excused"), required=False)
    note = forms.CharField(label=_("note"), max_length=250, required=False)

    def __init__(self, *args, obj, **kwargs):
        super().__init__(*args, obj=obj, initial={"hours": obj.lesson_hours}, **kwargs)
        field = self.fields["enrolment"]
        field.queryset = Enrolment.objects.on_roll(obj).select_related("trainee").in_name_order()
        field.label_from_instance = lambda enrolment: str(enrolment.trainee)


def was_held(session):
    """Whether the lesson can have a roll: not cancelled, and not in the future."""
    return session.state != SessionState.CANCELLED and session.date <= timezone.localdate()


@object_action(
    _("Correct the roll"),
    form=LineActForm,
    may=RIGHTS.asks("mark_absent"),
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
    may=RIGHTS.asks("call_roll"),
    when=lambda session: was_held(session) and not hasattr(session, "roll_call"),
    text=_("Mark who was absent first; everyone else counts as present from now on."),
)
def call_roll(self, request, session, data):
    services.call_roll(session=session, by=request.user)
    return _("The roll is recorded.")
