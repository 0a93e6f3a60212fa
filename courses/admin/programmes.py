"""Fields of study, programmes with their modules."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from courses import rights, services
from courses.models import Field, Module, Programme
from courses.sheets.programmes import COLUMNS
from izmek.admin import ModelAdmin, RelatedFilter, TabularInline
from izmek.admin.merging import PlainMerges, merge_link
from izmek.text.order import tr_order


@admin.register(Field)
class FieldAdmin(ModelAdmin):
    list_display = ("name", "programme_count")
    search_fields = ("folded",)
    ordering = (tr_order("name"),)

    def with_shown(self, request, rows):
        return rows.annotate(programme_count=Count("programmes"))

    @admin.display(description=_("programmes"), ordering="programme_count")
    def programme_count(self, field):
        return field.programme_count


class ModuleInline(TabularInline):
    model = Module
    copied = True


@admin.register(Programme)
class ProgrammeAdmin(PlainMerges, ModelAdmin):
    import_kind = "programmes"
    list_display = ("name", "field", "total_hours", "minimum_age", "module_based", "in_use")
    exported = (*COLUMNS, "module_based")
    export_prefetch = ("modules",)
    list_filter = ("in_use", "module_based", ("field", RelatedFilter))
    list_select_related = ("field",)
    search_fields = ("folded", "field__folded")
    ordering = (tr_order("name"),)
    inlines = (ModuleInline,)
    object_actions = ("merge_with",)
    merge_rights, merge_act = rights, "merge_programmes"
    merge_with = merge_link(rights.RIGHTS.asks("merge_programmes"))
    merge_service = services.merge_programmes
    merge_values = (
        "name",
        "name_en",
        "field",
        "total_hours",
        "minimum_age",
        "minimum_education",
        "text",
        "text_en",
        "bring",
        "bring_en",
    )
    fieldsets = (
        (None, {"fields": ("field", ("name", "name_en"), "in_use")}),
        (_("Conditions"), {"fields": ("total_hours", "module_based")}),
        (_("Who may attend"), {"fields": (("minimum_age", "minimum_education"),)}),
        (_("Public page"), {"fields": ("text", "text_en", "bring", "bring_en")}),
    )
