"""Enrolments in the admin: the list is read-only, acts change them."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
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
from izmek.text import masks
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.forms import EnrolTraineeForm, OverrideField
from trainees.admin.letters import TellsLetters
from trainees.admin.outcome import FinishPages
from trainees.enums import AbsenceLevel, EnrolmentState
from trainees.forms.same_person import ask_whose_application
from trainees.models import Absence, Certificate, Enrolment, Mark
from trainees.rights import RIGHTS


@object_action(
    _("Enrol a trainee"),
    form=EnrolTraineeForm,
    may=RIGHTS.asks("enrol"),
    when=lambda course: course.state in CourseState.enrolling(),
)
def enrol(self, request, course, data):
    """On the course's page: give a seat by the admission rules."""
    enrolment = services.enrol(
        trainee=data["trainee"],
        course=course,
        application=data["application"],
        not_theirs=data["not_theirs"],
        joined_on=data["joined_on"],
        override=data["override"],
        by=request.user,
    )
    return _("Enrolled: %(who)s") % {"who": enrolment.trainee}


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
        widget=AdminDateWidget,
        help_text=_("Empty: today."),
    )


class JoinedOnForm(ReasonForm):
    joined_on = forms.DateField(label=_("joins on"), widget=AdminDateWidget)
    field_order = ("joined_on", "reason")

    def __init__(self, *args, obj, **kwargs):
        super().__init__(*args, obj=obj, initial={"joined_on": obj.joined_on}, **kwargs)


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


class AgeRuleFilter(admin.SimpleListFilter):
    """Seats of people whom the rules of age would not let in, as their birth date stands now."""

    title = _("age")
    parameter_name = "age"

    def lookups(self, request, model_admin):
        return [("rule", _("too young, or without a guardian's permission"))]

    def queryset(self, request, queryset):
        return queryset.against_age_rules() if self.value() == "rule" else queryset


def moves(enrolment):
    """Whether the seat can be moved to another course: that of who attends, or a cancelled one's."""
    return attends(enrolment) or enrolment.state == EnrolmentState.CANCELLED


@admin.register(Enrolment)
class EnrolmentAdmin(FinishPages, TellsLetters, ReadOnlyAdmin):
    list_display = ("who", "course", "state", "joined_on", "absence", "success_mark")
    list_filter = (
        year_filter("course__term__year"),
        "state",
        ("course__centre", RelatedFilter),
        AgeRuleFilter,
        ("course", ChosenFilter),
    )
    list_select_related = ("trainee", "course__programme", "course__centre")
    search_fields = ("trainee__folded", "course__programme__folded", "course__number")
    search_through = ("trainee", "course")
    masked_columns = {"state_reason": masks.words}
    ordering = (tr_order("trainee__last_name"), tr_order("trainee__first_name"), "pk")
    inlines = (AbsenceInline, MarkInline, CertificateInline)
    object_actions = ("transfer", "wait", "correct_joined_on", "withdraw", "remove", "resend")
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
        return str(enrolment.trainee)

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
