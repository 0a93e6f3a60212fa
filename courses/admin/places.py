"""Neighbourhoods, course centres, rooms, officers."""

from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from courses import rights, services
from courses.admin.free_times import FreeTimes
from courses.admin.week import CentreWeek, week_of
from courses.enums import CourseState
from courses.models import CentreOfficer, CourseCentre, Holiday, Neighbourhood, Room
from courses.sheets import centres, rooms
from izmek.accounts.given_roles import note_change
from izmek.admin import ModelAdmin, RelatedFilter, TabularInline, object_link
from izmek.admin.merging import PlainMerges, merge_link
from izmek.text.order import tr_order
from izmek.text.phones import show


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(PlainMerges, ModelAdmin):
    list_display = ("name", "district", "centre_count")
    search_fields = ("folded",)
    ordering = (tr_order("name"),)
    object_actions = ("merge_with",)
    merge_rights, merge_act = rights, "merge_neighbourhoods"
    merge_with = merge_link(rights.RIGHTS.asks("merge_neighbourhoods"))
    merge_service = services.merge_neighbourhoods
    merge_values = ("name", "district")

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

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")


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


def _note_officers(formset, centre, *, by):
    """Note who runs a centre from now on, and who does no longer."""
    for office in formset.new_objects:
        note_change(office.user, before=(), after=[str(centre)], by=by)
    for office in formset.deleted_objects:
        note_change(office.user, before=[str(centre)], after=(), by=by)


@admin.register(CourseCentre)
class CourseCentreAdmin(CentreWeek, ModelAdmin):
    import_kind = "centres"
    list_display = ("name", "neighbourhood", "phone_shown", "hours", "courses_now", "in_use")
    exported = (*centres.COLUMNS, "courses_now")
    list_filter = ("in_use", ("neighbourhood", RelatedFilter))
    list_select_related = ("neighbourhood",)
    search_fields = ("folded", "neighbourhood__folded")
    ordering = (tr_order("name"),)
    inlines = (RoomInline, OfficersInline, HolidayInline)
    object_actions = ("week",)
    week = object_link(_("Week of the rooms"), week_of, permission="courses.view_session")
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
        return rows.select_related("neighbourhood").annotate(courses_now=running)

    def save_formset(self, request, form, formset, change):
        if formset.model is CentreOfficer:
            super().save_formset(request, form, formset, change)
            _note_officers(formset, form.instance, by=request.user)
            return
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
class RoomAdmin(FreeTimes, ModelAdmin):
    import_kind = "rooms"
    list_display = ("name", "centre", "capacity")
    exported = tuple(rooms.COLUMNS)
    list_filter = (("centre", RelatedFilter),)
    list_select_related = ("centre",)
    search_fields = ("name", "centre__folded")
    ordering = (tr_order("centre__name"), tr_order("name"))
