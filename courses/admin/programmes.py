"""Fields of study, programmes with their modules, education years with their terms."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from courses.admin.apart import apart
from courses.admin.filters import year_filter
from courses.models import EducationYear, Field, Module, Programme, Term, check_terms_apart
from izmek.modeladmin import ModelAdmin, RelatedFilter, TabularInline
from izmek.turkish import tr_order


@admin.register(Field)
class FieldAdmin(ModelAdmin):
    list_display = ("name", "programme_count")
    search_fields = ("folded",)
    ordering = (tr_order("name"),)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(programme_count=Count("programmes"))

    @admin.display(description=_("programmes"), ordering="programme_count")
    def programme_count(self, field):
        return field.programme_count


class ModuleInline(TabularInline):
    model = Module
    copied = True


@admin.register(Programme)
class ProgrammeAdmin(ModelAdmin):
    list_display = ("name", "field", "total_hours", "minimum_age", "module_based", "in_use")
    list_filter = ("in_use", "module_based", ("field", RelatedFilter))
    list_select_related = ("field",)
    search_fields = ("folded", "field__folded")
    ordering = (tr_order("name"),)
    inlines = (ModuleInline,)
    fieldsets = (
        (None, {"fields": ("field", ("name", "name_en"), "in_use")}),
        (_("Conditions"), {"fields": ("total_hours", "module_based")}),
        (_("Who may attend"), {"fields": (("minimum_age", "minimum_education"),)}),
        (_("Public page"), {"fields": ("text", "text_en", "bring", "bring_en")}),
    )


class TermInline(TabularInline):
    model = Term
    formset = apart(check_terms_apart)


@admin.register(EducationYear)
class EducationYearAdmin(ModelAdmin):
    list_display = ("name", "begin", "end", "pass_mark", "absence_limit", "minimum_group")
    search_fields = ("name",)
    choose_from_list = True
    inlines = (TermInline,)
    fieldsets = (
        (None, {"fields": ("name", ("begin", "end"))}),
        (
            _("Absence and marks"),
            {
                "fields": (
                    ("absence_limit_numerator", "absence_limit_denominator"),
                    "count_before_joining",
                    "drop_bars_next_term",
                    "pass_mark",
                )
            },
        ),
        (_("Seats"), {"fields": (("minimum_group", "max_courses"), "offer_hours")}),
        (
            _("Teachers"),
            {"fields": (("teacher_daily_hours", "teacher_weekly_hours"), "lesson_minutes")},
        ),
    )

    @admin.display(description=_("absence limit"))
    def absence_limit(self, year):
        return f"{year.absence_limit_numerator}/{year.absence_limit_denominator}"


@admin.register(Term)
class TermAdmin(ModelAdmin):
    list_display = ("__str__", "begin", "end", "course_count")
    list_filter = (year_filter("year"),)
    list_select_related = ("year",)
    search_fields = ("name", "year__name")
    ordering = ("-begin",)
    fields = ("year", "name", ("begin", "end"))

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("year")
        return rows.annotate(course_count=Count("courses"))

    def choices(self, request):
        return super().choices(request).select_related("year")

    def save_row(self, request, term):
        check_terms_apart([*term.year.terms.exclude(pk=term.pk), term])
        super().save_row(request, term)

    @admin.display(description=_("courses"), ordering="course_count")
    def course_count(self, term):
        return term.course_count
