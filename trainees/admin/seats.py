"""Applications and enrolments: looked at in lists, changed by acts."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courses.admin import CourseAdmin, year_filter
from courses.enums import CourseState
from izmek.modeladmin import ReadOnlyAdmin, ReadOnlyInline, RelatedFilter, object_action
from izmek.phones import show
from izmek.turkish import tr_order
from trainees import services
from trainees.admin.forms import EnrolTraineeForm
from trainees.admin.queue import QueuePages
from trainees.models import Absence, Application, Certificate, Enrolment, Mark


@object_action(
    _("Enrol a trainee"),
    form=EnrolTraineeForm,
    permission="trainees.change_enrolment",
    when=lambda course: course.state in CourseState.enrolling(),
)
def enrol(self, request, course, data):
    """On the course's page: the one gate to a seat."""
    enrolment = services.enrol(
        trainee=data["trainee"], course=course, joined_on=data["joined_on"], by=request.user
    )
    return _("Enrolled: %(who)s") % {"who": enrolment.trainee}


CourseAdmin.enrol = enrol
CourseAdmin.object_actions = ("enrol", *CourseAdmin.object_actions)


@admin.register(Application)
class ApplicationAdmin(QueuePages, ReadOnlyAdmin):
    list_display = (
        "name",
        "phone_shown",
        "course",
        "state",
        "received_at",
        "offer_until",
        "already_certified",
    )
    list_filter = (
        year_filter("course__term__year"),
        "state",
        ("course__centre", RelatedFilter),
        "already_certified",
    )
    list_select_related = ("course__programme", "course__centre")
    search_fields = ("folded", "course__programme__folded", "reference")
    ordering = ("-received_at", "-pk")
    fieldsets = (
        (None, {"fields": ("course", ("first_name", "last_name", "birth_year"), "trainee")}),
        (_("Contact"), {"fields": (("phone", "email", "language"),)}),
        (
            _("Where it stands"),
            {
                "fields": (
                    ("state", "state_reason"),
                    ("received_at", "already_certified"),
                    ("offered_at", "offer_until", "told_at"),
                    ("reference", "notice"),
                )
            },
        ),
    )

    @admin.display(description=_("name"), ordering=tr_order("last_name"))
    def name(self, application):
        return str(application)

    @admin.display(description=_("phone"), ordering="phone")
    def phone_shown(self, application):
        return show(application.phone)


class AbsenceInline(ReadOnlyInline):
    model = Absence
    fields = ("session", "hours", "excused", "note")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related("session__course__programme", "session__course__centre")


class MarkInline(ReadOnlyInline):
    model = Mark
    fields = ("module", "value", "exempt")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("module")


class CertificateInline(ReadOnlyInline):
    model = Certificate
    fields = ("number", "state", "issued_at")


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ("who", "course", "state", "joined_on", "absence", "success_mark")
    list_filter = (
        year_filter("course__term__year"),
        "state",
        ("course__centre", RelatedFilter),
    )
    list_select_related = ("trainee", "course__programme", "course__centre")
    search_fields = ("trainee__folded", "course__programme__folded", "course__number")
    ordering = (tr_order("trainee__last_name"), tr_order("trainee__first_name"), "pk")
    inlines = (AbsenceInline, MarkInline, CertificateInline)
    fieldsets = (
        (None, {"fields": ("trainee", "course", ("joined_on", "left_on"))}),
        (
            _("Where it stands"),
            {
                "fields": (
                    ("state", "state_reason"),
                    ("absence", "absent_hours", "success_mark"),
                    ("application", "continues"),
                )
            },
        ),
    )
    readonly_fields = ("absence",)

    def get_queryset(self, request):
        rows = super().get_queryset(request).with_attendance()
        return rows.select_related("trainee", "course__programme", "course__centre")

    @admin.display(description=_("trainee"), ordering=tr_order("trainee__last_name"))
    def who(self, enrolment):
        return str(enrolment.trainee)

    @admin.display(description=_("absent lesson hours"), ordering="absent")
    def absence(self, enrolment):
        sentence = f"{enrolment.absent}/{enrolment.course.total_hours or '–'}"
        if not enrolment.too_absent:
            return sentence
        return format_html('{} <strong class="warning">{}</strong>', sentence, _("over the limit"))
