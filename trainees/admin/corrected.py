"""Rows that teachers write and officers correct."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses.enums import CourseState
from izmek.admin import ModelAdmin
from izmek.text.order import tr_order
from trainees.admin.links import link_to


class CorrectedAdmin(ModelAdmin):
    """Rows that teachers create in their pages; officers correct them here."""

    fixed = ("enrolment",)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """Only while the course runs: afterwards its outcomes are frozen."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.enrolment.course.state in CourseState.enrolling())

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *self.fixed)

    @admin.display(description=_("trainee"), ordering=tr_order("enrolment__trainee__last_name"))
    def who(self, row):
        return link_to(row.enrolment.trainee)

    @admin.display(description=_("course"), ordering=tr_order("enrolment__course__programme__name"))
    def course(self, row):
        return row.enrolment.course
