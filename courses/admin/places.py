"""Neighbourhoods, course centres, rooms, officers."""

from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.enums import CourseState
from courses.models import CentreOfficer, CourseCentre, Holiday, Neighbourhood, Room
from izmek.admin import ModelAdmin, RelatedFilter, TabularInline
from izmek.text.order import tr_order
from izmek.text.phones import show


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(ModelAdmin):
    list_display = ("name", "district", "centre_count")
    search_fields = ("folded",)
    ordering = (tr_order("name"),)

    def with_shown(self, request, rows):
        return rows.annotate(centre_count=Count("centres"))

    @admin.display(description=_("course centres"), ordering="centre_count")
    def centre_count(self, neighbourhood):
        return neighbourhood.centre_count


class RoomInline(TabularInline):
    model = Room
    ordering = (tr_order("name"),)


class OfficersInline(TabularInline):
    """The officers of a centre."""

    model = CentreOfficer
    verbose_name_plural = _("centre officers")


class OfficesInline(TabularInline):
    """The centres of an officer, on the user's page."""

    model = CentreOfficer
    verbose_name = _("centre that the user runs")
    verbose_name_plural = _("centres that the user runs")


class HolidayInline(TabularInline):
    """A centre's own days without lessons; general holidays have their own list."""

    model = Holiday
    restorable = False
    verbose_name_plural = _("holidays of this centre alone")


@admin.register(CourseCentre)
class CourseCentreAdmin(ModelAdmin):
    list_display = ("name", "neighbourhood", "phone_shown", "hours", "courses_now", "in_use")
    list_filter = ("in_use", ("neighbourhood", RelatedFilter))
    list_select_related = ("neighbourhood",)
    search_fields = ("folded", "neighbourhood__folded")
    ordering = (tr_order("name"),)
    inlines = (RoomInline, OfficersInline, HolidayInline)
    fieldsets = (
        (None, {"fields": (("name", "in_use"), ("neighbourhood", "address"))}),
        (_("Contact"), {"fields": (("phone", "email"), "hours", "access")}),
        (_("On the map"), {"fields": (("latitude", "longitude"),)}),
        (_("Public page"), {"fields": ("slug", "text", "text_en")}),
    )

    def with_shown(self, request, rows):
        running = Count(
            "courses", filter=Q(courses__state__in=CourseState.booking()), distinct=True
        )
        return rows.annotate(courses_now=running)

    def save_formset(self, request, form, formset, change):
        if formset.model is not Holiday:
            super().save_formset(request, form, formset, change)
            return
        changed = formset.save(commit=False)
        for holiday in formset.deleted_objects:
            services.delete_holiday(holiday=holiday, by=request.user)
        for holiday in changed:
            services.save_holiday(holiday=holiday, by=request.user)

    @admin.display(description=_("phone"))
    def phone_shown(self, centre):
        return show(centre.phone)

    @admin.display(description=_("courses now"), ordering="courses_now")
    def courses_now(self, centre):
        return centre.courses_now


@admin.register(Room)
class RoomAdmin(ModelAdmin):
    list_display = ("name", "centre", "capacity")
    list_filter = (("centre", RelatedFilter),)
    list_select_related = ("centre",)
    search_fields = ("name", "centre__folded")
    ordering = (tr_order("centre__name"), tr_order("name"))
