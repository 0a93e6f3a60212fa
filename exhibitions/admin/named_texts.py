"""Names in public texts without consent, in the admin: each leads to the row where its text is mended."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from exhibitions.models import NamedText
from izmek.admin import ReadOnlyAdmin


@admin.register(NamedText)
class NamedTextAdmin(ReadOnlyAdmin):
    is_filled_in = False  # found by night: nobody chooses a person here
    list_display = ("about", "place", "who", "found_at")
    list_display_links = None
    list_select_related = (
        "work",
        "exhibition",
        "course__programme",
        "course__centre",
        "coursecentre",
        "programme",
        "trainee",
        "teacher",
    )
    ordering = ("-found_at", "-pk")
    fields = ("about", "place", "who", "found_at")
    readonly_fields = ("about", "who")

    def with_shown(self, request, rows):
        return super().with_shown(request, rows).with_who_is_seen(request.user)

    @admin.display(description=_("text of"))
    def about(self, found):
        row = found.row
        opts = row._meta
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
        return format_html('{}: <a href="{}">{}</a>', capfirst(opts.verbose_name), page, row)

    @admin.display(description=_("names"))
    def who(self, found):
        """The person, to whom sees them elsewhere too: who attends where is not told by this list."""
        return found.who if found.who_is_seen else "–"
