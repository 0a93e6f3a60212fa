"""Education years with their terms, and holidays."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.filters import year_filter
from courses.admin.no_overlap import without_overlap
from courses.admin.years import YearPages
from courses.models import EducationYear, Holiday, Term, check_terms_do_not_overlap
from izmek.admin import ModelAdmin, RelatedFilter, TabularInline
from izmek.text.order import tr_order


class TermInline(TabularInline):
    model = Term
    formset = without_overlap(check_terms_do_not_overlap)


@admin.register(EducationYear)
class EducationYearAdmin(YearPages, ModelAdmin):
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
        (
            _("Seats"),
            {"fields": (("minimum_group", "max_courses"), ("offer_hours", "confirm_days"))},
        ),
        (
            _("Teachers"),
            {"fields": (("teacher_daily_hours", "teacher_weekly_hours"), "lesson_minutes")},
        ),
        (
            _("Words of the papers of a course"),
            {
                "fields": (
                    ("sign_in_title", "roll_title"),
                    ("marks_title", "exam_title"),
                    ("outcome_title", "class_title"),
                    "exam_sentence",
                    "outcome_sentence",
                    ("teacher_signs", "centre_signs", "hem_signs"),
                )
            },
        ),
    )

    def check_saved(self, request, year):
        """However it was saved: the terms lie inside the year and do not overlap."""
        terms = year.terms.order_by("begin")
        for term in terms:
            term.clean()
        check_terms_do_not_overlap(terms)

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

    def with_shown(self, request, rows):
        return rows.select_related("year").annotate(course_count=Count("courses"))

    def with_labels(self, request, rows):
        return rows.select_related("year")

    def check_saved(self, request, term):
        check_terms_do_not_overlap(term.year.terms.all())

    @admin.display(description=_("courses"), ordering="course_count")
    def course_count(self, term):
        return term.course_count


@admin.register(Holiday)
class HolidayAdmin(ModelAdmin):
    list_display = ("name", "begin", "end", "part", "where")
    list_filter = (("centre", RelatedFilter),)
    list_select_related = ("centre",)
    search_fields = ("name", "centre__folded")
    date_hierarchy = "begin"
    fields = ("name", ("begin", "end"), "part", "centre")

    def save_row(self, request, holiday):
        services.save_holiday(holiday=holiday, by=request.user)

    def bring_back(self, request, holiday, reason):
        services.save_holiday(holiday=holiday, by=request.user, reason=reason)

    def delete_model(self, request, holiday):
        services.delete_holiday(holiday=holiday, by=request.user)

    @admin.display(description=_("where"), ordering=tr_order("centre__name"))
    def where(self, holiday):
        return holiday.centre or _("everywhere")
