"""Filters for the lists of several apps."""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import EducationYear
from courses.queries.calendar import in_year
from izmek.admin.attention import AttentionFilter


class YearFilter(admin.SimpleListFilter):
    """The education year. A list opens on the current year; a search covers all years.

    `path` leads to the year. `dates`: a field whose date counts too, for rows without a year or
    across two years. `lessons` leads to the date of a lesson, which lies in the year of its course; rows of
    lessons that were `held` lie there up to today.
    """

    title = _("education year")
    parameter_name = "year"
    path = "year"
    dates = None
    lessons = None
    held = False
    ALL = "all"

    def lookups(self, request, model_admin):
        self.years = list(EducationYear.objects.order_by("-begin"))
        self.today = today = (
            timezone.localdate()
        )  # like `EducationYear.objects.current`, without another query
        current = next((year for year in self.years if year.begin <= today), None)
        # What was searched or needs attention may lie in any year.
        anywhere = (
            request.GET.get(SEARCH_VAR, "").strip() or AttentionFilter.parameter_name in request.GET
        )
        self.current = str(current.pk) if current and not anywhere else self.ALL
        return [(str(year.pk), year.name) for year in self.years]

    def value(self):
        return super().value() or self.current

    def choices(self, changelist):
        for key, label in (*self.lookup_choices, (self.ALL, _("All years"))):
            yield {
                "selected": self.value() == key,
                "query_string": changelist.get_query_string({self.parameter_name: key}),
                "display": label,
            }

    def queryset(self, request, queryset):
        year = next((year for year in self.years if str(year.pk) == self.value()), None)
        if year is None:
            return queryset
        if self.lessons is None:
            return queryset.filter(in_year(year, self.path, self.dates))
        # An index leads from the days to the lessons; from the year a path leads only by its courses.
        last = min(year.end, timezone.localdate()) if self.held else year.end
        queryset = queryset.filter(**{f"{self.lessons}__range": (year.begin, last)})
        others = (other for other in self.years if other != year)
        if any(year.begin <= other.end and other.begin <= year.end for other in others):
            return queryset.filter(in_year(year, self.path))
        return queryset


class TakingPlaceFilter(admin.SimpleListFilter):
    """Lessons that are neither cancelled nor on a holiday."""

    title = _("takes place")
    parameter_name = "held"

    def lookups(self, request, model_admin):
        return [("yes", _("yes"))]

    def queryset(self, request, queryset):
        return queryset.taking_place() if self.value() == "yes" else queryset


class RollFilter(admin.SimpleListFilter):
    """Lessons that took place but whose roll was not called."""

    title = _("roll call")
    parameter_name = "roll"

    def lookups(self, request, model_admin):
        return [("missing", _("missing"))]

    def queryset(self, request, queryset):
        return queryset.missing_roll() if self.value() == "missing" else queryset


def year_filter(path, **attributes):
    """A YearFilter for a list whose rows lead to the year by `path`."""
    return type("YearFilter", (YearFilter,), {"path": path, **attributes})
