"""Marks in the admin."""

from django.contrib import admin

from courses.admin import year_filter
from izmek.admin import RelatedFilter
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.corrected import CorrectedAdmin
from trainees.arithmetic import EXEMPT
from trainees.models import Mark


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
    search_through = ("enrolment__trainee", "enrolment__course")
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
