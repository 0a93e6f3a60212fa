"""Applications in the admin: the list is read-only, acts change them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from izmek.admin import ChosenFilter, ReadOnlyAdmin, RelatedFilter
from izmek.text import masks
from izmek.text.order import tr_order
from izmek.text.phones import show
from trainees import services
from trainees.admin.letters import TellsLetters
from trainees.admin.phones import FindsByPhone
from trainees.admin.waiting_list import QueuePages
from trainees.models import Application


class ConfirmedFilter(admin.SimpleListFilter):
    """Of the open applications: those that somebody has confirmed, and the others."""

    title = _("confirmed")
    parameter_name = "confirmed"

    def lookups(self, request, model_admin):
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request, queryset):
        if self.value() == "no":
            return queryset.unconfirmed()
        if self.value() == "yes":
            return queryset.open().filter(confirmed_at__isnull=False)
        return queryset


@admin.register(Application)
class ApplicationAdmin(QueuePages, TellsLetters, FindsByPhone, ReadOnlyAdmin):
    list_display = (
        "name",
        "phone_shown",
        "course",
        "state",
        "received_at",
        "confirmed_at",
        "offer_until",
        "already_certified",
    )
    list_filter = (
        year_filter("course__term__year"),
        "state",
        ConfirmedFilter,
        ("course__centre", RelatedFilter),
        "already_certified",
        ("course", ChosenFilter),
    )
    list_select_related = ("course__programme", "course__centre")
    search_fields = ("folded", "course__programme__folded", "reference")
    search_through = ("course",)
    search_help_text = _("By name, phone, course or reference.")
    masked_columns = {
        "phone": masks.phone,
        "email": masks.email,
        "reference": masks.code,
        "state_reason": masks.words,
    }
    ordering = ("-received_at", "-pk")
    fieldsets = (
        (None, {"fields": ("course", ("first_name", "last_name", "birth_year"), "trainee")}),
        (_("Contact"), {"fields": (("phone", "email", "language"),)}),
        (
            _("Where it stands"),
            {
                "fields": (
                    ("state", "state_reason"),
                    ("received_at", "already_certified"),
                    ("asked_at", "confirm_until", "confirmed_at"),
                    ("offered_at", "offer_until", "told_at"),
                    "why",
                    ("reference", "notice"),
                    "letters_shown",
                )
            },
        ),
    )
    actions = ("refuse_all",)
    readonly_fields = ("why", "letters_shown")

    @admin.display(description=_("name"), ordering=tr_order("last_name"))
    def name(self, application):
        return str(application)

    @admin.display(description=_("phone"), ordering="phone")
    def phone_shown(self, application):
        return show(application.phone)

    @admin.display(description=_("Why"))
    def why(self, application):
        """Why the applicant has an offer, has none, or has lost it."""
        return " ".join(services.why_not_offered(application))
