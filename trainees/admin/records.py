"""Roll calls, absences, marks and certificates."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from courses.enums import CourseState
from izmek.modeladmin import ModelAdmin, ReadOnlyAdmin, RelatedFilter
from izmek.turkish import tr_order
from trainees import services
from trainees.arithmetic import EXEMPT
from trainees.models import Absence, Certificate, Mark, RollCall


@admin.register(RollCall)
class RollCallAdmin(ReadOnlyAdmin):
    list_display = ("day", "course", "at", "by")
    list_filter = (
        year_filter("session__course__term__year"),
        ("session__course__centre", RelatedFilter),
    )
    list_select_related = ("session__course__programme", "session__course__centre", "by")
    search_fields = ("session__course__programme__folded", "session__course__centre__folded")
    ordering = ("-session__date", "-pk")
    fields = ("session", ("at", "by"))

    @admin.display(description=_("session"), ordering="session__date")
    def day(self, roll_call):
        return f"{roll_call.session.date:%d.%m.%Y} {roll_call.session.begin:%H.%M}"

    @admin.display(description=_("course"))
    def course(self, roll_call):
        return roll_call.session.course


class CorrectedAdmin(ModelAdmin):
    """Rows that teachers make in their pages; here they are corrected."""

    fixed = ("enrolment",)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """While the course goes on; what it ended with is frozen."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.enrolment.course.state in CourseState.enrolling())

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *self.fixed)

    @admin.display(description=_("trainee"), ordering=tr_order("enrolment__trainee__last_name"))
    def who(self, row):
        return str(row.enrolment.trainee)

    @admin.display(description=_("course"))
    def course(self, row):
        return row.enrolment.course


@admin.register(Absence)
class AbsenceAdmin(CorrectedAdmin):
    list_display = ("who", "course", "day", "hours", "excused", "note")
    list_filter = (
        year_filter("enrolment__course__term__year"),
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


@admin.register(Mark)
class MarkAdmin(CorrectedAdmin):
    list_display = ("who", "course", "module", "value", "exempt")
    list_filter = (
        year_filter("enrolment__course__term__year"),
        "exempt",
        ("enrolment__course__centre", RelatedFilter),
    )
    list_select_related = (
        "enrolment__trainee",
        "enrolment__course__programme",
        "enrolment__course__centre",
        "module",
    )
    search_fields = ("enrolment__trainee__folded", "enrolment__course__programme__folded")
    ordering = (tr_order("enrolment__trainee__last_name"), "module__order", "pk")
    fixed = ("enrolment", "module")
    fields = ("enrolment", "module", ("value", "exempt"))

    def save_row(self, request, mark):
        services.set_mark(
            enrolment=mark.enrolment,
            module=mark.module,
            value=EXEMPT if mark.exempt else mark.value,
            by=request.user,
        )


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("number", "who", "course", "state", "issued_at")
    list_filter = (
        year_filter("enrolment__course__term__year"),
        "state",
        ("enrolment__course__centre", RelatedFilter),
    )
    list_select_related = (
        "enrolment__trainee",
        "enrolment__course__programme",
        "enrolment__course__centre",
    )
    search_fields = ("number", "code", "enrolment__trainee__folded")
    ordering = ("-issued_at", "-pk")
    fields = (
        "enrolment",
        ("number", "code"),
        ("state", "state_reason", "replaces"),
        ("issued_at", "issued_by"),
    )

    @admin.display(description=_("trainee"), ordering=tr_order("enrolment__trainee__last_name"))
    def who(self, certificate):
        return str(certificate.enrolment.trainee)

    @admin.display(description=_("course"))
    def course(self, certificate):
        return certificate.enrolment.course
