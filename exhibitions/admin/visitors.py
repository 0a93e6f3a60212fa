"""What visitors write: enquiries and the visitor book. They come from the public pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from exhibitions.models import Enquiry, VisitorNote
from izmek.modeladmin import ReadOnlyAdmin, RelatedFilter
from izmek.phones import show


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "kind", "name", "about", "answer_by", "state")
    list_display_links = ("received_at", "name")
    list_filter = ("state", "kind")
    list_select_related = ("work", "exhibition")
    search_fields = ("name", "message", "email", "work__folded", "exhibition__folded")
    ordering = ("-received_at", "-pk")
    fieldsets = (
        (None, {"fields": ("kind", "about", "message")}),
        (_("Contact"), {"fields": ("name", ("email", "phone_shown"))}),
        (
            _("Answer"),
            {
                "fields": (
                    ("state", "received_at", "answer_by"),
                    "answer",
                    ("answered_at", "answered_by"),
                )
            },
        ),
    )
    readonly_fields = ("about", "phone_shown")

    @admin.display(description=_("about"))
    def about(self, enquiry):
        return enquiry.work or enquiry.exhibition

    @admin.display(description=_("phone"))
    def phone_shown(self, enquiry):
        return show(enquiry.phone)


@admin.register(VisitorNote)
class VisitorNoteAdmin(ReadOnlyAdmin):
    list_display = ("written_at", "exhibition", "name", "text", "state")
    list_filter = (
        year_filter("exhibition__year", dates="exhibition__begin"),
        "state",
        ("exhibition", RelatedFilter),
    )
    list_select_related = ("exhibition",)
    search_fields = ("text", "name", "exhibition__folded")
    ordering = ("-written_at", "-pk")
    fields = ("exhibition", ("name", "language"), "text", ("written_at", "state"))
