"""Enrolments in the admin: the list is read-only, acts change them."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from courses.admin.columns import course_columns, teacher_column
from courses.enums import CourseState
from izmek.admin import (
    ActionForm,
    ChosenFilter,
    ReadOnlyAdmin,
    ReadOnlyInline,
    RelatedFilter,
    RowChoice,
    object_action,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.exported import Out
from izmek.admin.widgets import DateInput
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.columns import name_columns, number_columns
from trainees.admin.counter_enrolments import EnrolmentCounter
from trainees.admin.forms import OverrideField
from trainees.admin.letters import TellsLetters
from trainees.admin.links import link_to
from trainees.admin.reconciliation import Reconciles
from trainees.enums import AbsenceLevel, EnrolmentState
from trainees.forms.same_person import ask_whose_application
from trainees.models import Absence, Certificate, Enrolment, Mark
from trainees.queries.outcome import hours_missed
from trainees.rights import RIGHTS
from trainees.wording import SEATS


class AbsenceInline(ReadOnlyInline):
    model = Absence
    fields = ("session", "hours", "excused", "note")

    def get_queryset(self, request):
        rows = super().get_queryset(request).counted()
        return rows.select_related("session__course__programme", "session__course__centre")


class MarkInline(ReadOnlyInline):
    model = Mark
    fields = ("module", "value", "exempt")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("module")


class CertificateInline(ReadOnlyInline):
    model = Certificate
    fields = ("number", "state", "issued_at")


class LeavingForm(ReasonForm):
    left_on = forms.DateField(
        label=_("first day without the trainee"),
        required=False,
        widget=DateInput,
        help_text=_("Empty: today."),
    )


class JoinedOnForm(ReasonForm):
    joined_on = forms.DateField(label=_("joins on"), widget=DateInput)
    field_order = ("joined_on", "reason")

    def __init__(self, *args, obj, **kwargs):
        super().__init__(*args, obj=obj, initial={"joined_on": obj.joined_on}, **kwargs)


class CallForm(ActionForm):
    what = forms.CharField(
        label=_("what to say"),
        max_length=200,
        help_text=_("One sentence, for example: Your health report is missing."),
    )
    until = forms.DateField(label=_("to be told by"), required=False, widget=DateInput)


class WaitForm(ActionForm):
    course = RowChoice(Enrolment, "course", label=_("new course"))

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        course, trainee = data["course"], self.obj.trainee
        found = services.applications_to_ask(trainee=trainee, course=course)
        theirs, data["not_theirs"] = ask_whose_application(self, found)
        if theirs:
            self.add_error("theirs", _("Then they stand on the waiting list already."))
        return data


class TransferActForm(ActionForm):
    course = RowChoice(Enrolment, "course", label=_("new course"))
    reason = forms.CharField(label=_("reason"), max_length=250)
    override = OverrideField()


def attends(enrolment):
    return (
        enrolment.state == EnrolmentState.ENROLLED
        and enrolment.course.state in CourseState.enrolling()
    )


def moves(enrolment):
    """Whether the seat can be moved to another course: that of who attends, or a cancelled one's."""
    return attends(enrolment) or enrolment.state == EnrolmentState.CANCELLED


# What is known of people, as it stands in lists of seats.
PEOPLE = (
    "last_name", "first_name", "phone", "email", "birth_date", "gender", "education", "neighbourhood",
)  # fmt: skip


@admin.register(Enrolment)
class EnrolmentAdmin(EnrolmentCounter, Reconciles, TellsLetters, ReadOnlyAdmin):
    tagged = {"state": SEATS}
    help = "ders-basladiktan-sonra"
    list_display = ("who", "course", "state", "joined_on", "absence", "success_mark")
    list_display_links = ("state",)
    export_kind = "trainees"
    put_in_as = {
        **{f"trainee__{name}": name for name in PEOPLE},
        "trainee__full_number": "number",
        "course__number": "course_number",
        "course__name": "course",
        "course__centre": "course_centre",
    }
    exported = (
        *name_columns("trainee__"),
        *course_columns("course__"),
        "state",
        "joined_on",
        "left_on",
        Out("absent", _("absent lesson hours"), (hours_missed(),)),
        "course__total_hours",
        "success_mark",
        Out("record", _("record number"), ("trainee_id",)),
    )
    exported_more = (
        *(f"trainee__{name}" for name in PEOPLE[2:]),
        *number_columns("trainee__"),
        teacher_column("course__"),
        "course__begin",
        "course__end",
        "state_reason",
    )
    list_filter = (
        year_filter("course__term__year"),
        "state",
        ("course__centre", RelatedFilter),
        ("course", ChosenFilter),
    )
    list_select_related = ("trainee", "course__programme", "course__centre")
    search_fields = ("trainee__folded", "course__programme__folded", "course__number")
    search_through = ("trainee", "course")
    ordering = (tr_order("trainee__last_name"), tr_order("trainee__first_name"), "pk")
    inlines = (AbsenceInline, MarkInline, CertificateInline)
    object_actions = (
        "transfer",
        "wait",
        "have_called",
        "correct_joined_on",
        "withdraw",
        "remove",
        "resend",
    )
    fieldsets = (
        (None, {"fields": ("trainee", "course", ("joined_on", "left_on"))}),
        (
            _("Where it stands"),
            {
                "fields": (
                    ("state", "state_reason"),
                    ("absence", "absent_hours", "success_mark"),
                    ("application", "continues"),
                    "letters_shown",
                )
            },
        ),
    )
    readonly_fields = ("absence", "letters_shown")

    def with_shown(self, request, rows):
        return rows.with_attendance().select_related(
            "trainee", "course__programme", "course__centre"
        )

    @admin.display(description=_("trainee"), ordering=tr_order("trainee__last_name"))
    def who(self, enrolment):
        return link_to(enrolment.trainee)

    @admin.display(description=_("absent lesson hours"), ordering="absent")
    def absence(self, enrolment):
        sentence = f"{enrolment.absent}/{enrolment.course.total_hours or '–'}"
        level = enrolment.attendance.level
        if level == AbsenceLevel.FINE:
            return sentence
        return format_html('{} <strong class="warning">{}</strong>', sentence, level.label)

    # --- The ways out -------------------------------------------------------------------------

    @object_action(
        _("Transfer"),
        may=RIGHTS.asks("transfer"),
        form=TransferActForm,
        when=moves,
        text=_("Within the same programme, missed hours and marks come along."),
    )
    def transfer(self, request, enrolment, data):
        services.transfer(enrolment=enrolment, by=request.user, **data)
        return _("%(who)s now attends: %(course)s") % {
            "who": enrolment.trainee,
            "course": data["course"],
        }

    @object_action(
        _("Put on the waiting list of another group"),
        may=RIGHTS.asks("transfer"),
        form=WaitForm,
        when=lambda enrolment: enrolment.state == EnrolmentState.CANCELLED,
        text=_(
            "For a group that is full. In the same programme the trainee goes before the others."
        ),
    )
    def wait(self, request, enrolment, data):
        services.put_on_waiting_list(
            trainee=enrolment.trainee,
            course=data["course"],
            not_theirs=data["not_theirs"],
            by=request.user,
        )
        return _("%(who)s waits for a seat: %(course)s") % {
            "who": enrolment.trainee,
            "course": data["course"],
        }

    @object_action(
        _("Have somebody called"),
        form=CallForm,
        may=RIGHTS.asks("ask_for_call"),
        when=lambda enrolment: enrolment.state in EnrolmentState.holding(),
        text=_("The trainee stands on the list of people to call until somebody has reached them."),
    )
    def have_called(self, request, enrolment, data):
        services.ask_for_call(enrolment=enrolment, by=request.user, **data)
        return _("%(who)s stands on the list of people to call.") % {"who": enrolment.trainee}

    @object_action(
        _("Correct the first day"),
        may=RIGHTS.asks("correct_joined_on"),
        form=JoinedOnForm,
        when=lambda enrolment: enrolment.course.state in CourseState.enrolling(),
        text=_(
            "Absences before the new day are deleted. Lessons from that day on whose roll was called "
            "count as attended; correct those rolls where that is wrong."
        ),
    )
    def correct_joined_on(self, request, enrolment, data):
        services.correct_joined_on(enrolment=enrolment, by=request.user, **data)
        return _("The first day is corrected.")

    @object_action(
        _("Gives up the seat"),
        may=RIGHTS.asks("withdraw"),
        form=LeavingForm,
        when=attends,
        text=_("The seat is offered to whoever waits next."),
        danger=True,
    )
    def withdraw(self, request, enrolment, data):
        services.withdraw(enrolment=enrolment, by=request.user, **data)
        return _("%(who)s has left the course.") % {"who": enrolment.trainee}

    @object_action(
        _("Take the seat away"),
        may=RIGHTS.asks("remove"),
        form=LeavingForm,
        when=attends,
        text=_(
            "The trainee is told the reason, by letter or by telephone; the seat is offered to "
            "whoever waits next."
        ),
        danger=True,
    )
    def remove(self, request, enrolment, data):
        services.remove(enrolment=enrolment, by=request.user, **data)
        return _("%(who)s has left the course.") % {"who": enrolment.trainee}
