"""Marks in the admin."""

from django.contrib import admin

from courses.admin import year_filter
from courses.admin.columns import course_columns
from izmek.admin import RelatedFilter
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.columns import name_columns
from trainees.admin.corrected import CorrectedAdmin
from trainees.arithmetic import EXEMPT
from trainees.models import Mark


@admin.register(Mark)
class MarkAdmin(CorrectedAdmin):
    list_display = ("who", "course", "module", "value", "exempt")
    list_display_links = ("module",)
    exported = (
        *name_columns("enrolment__trainee__"),
        *course_columns("enrolment__course__"),
        "module",
        "value",
        "exempt",
    )
    list_filter = (
        year_filter("module__course__term__year"),
        "exempt",
        ("module__course__centre", RelatedFilter),
    )
    list_select_related = (
        "enrolment__trainee",
        "enrolment__course__programme",
        "enrolment__course__centre",
        "module",
    )
    search_fields = ("enrolment__trainee__folded", "module__course__programme__folded")
    search_through = ("enrolment__trainee", "module__course")
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
