"""Applications in the admin: the list is read-only, acts change them."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from courses.admin.columns import course_columns
from izmek.admin import ChosenFilter, ReadOnlyAdmin, RelatedFilter
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.columns import name_columns
from trainees.admin.consents import records_answers
from trainees.admin.counter_applications import ApplicationCounter
from trainees.admin.letters import TellsLetters
from trainees.admin.personal_data import erase_act, hand_over_act, is_all_there_is
from trainees.admin.phones import FindsByPhone, phone_cell
from trainees.admin.waiting_list import QueuePages
from trainees.models import Application
from trainees.wording import APPLICATIONS


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
class ApplicationAdmin(ApplicationCounter, QueuePages, TellsLetters, FindsByPhone, ReadOnlyAdmin):
    import_kind = "applications"
    put_in_as = {
        "course__number": "course_number",
        "course__name": "course",
        "course__centre": "course_centre",
    }
    tagged = {"state": APPLICATIONS}
    help = "basvurular-ve-sira"
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
    exported = (
        *name_columns(),
        "phone",
        *course_columns("course__"),
        "state",
        "received_at",
        "confirmed_at",
        "offer_until",
        "already_certified",
    )
    exported_more = ("email", "birth_year", "reference", "state_reason")
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
    ordering = ("-received_at", "-pk")
    fieldsets = (
        (None, {"fields": ("course", ("first_name", "last_name", "birth_year"), "trainee")}),
        (_("Contact"), {"fields": (("phone", "email", "language"),)}),
        (
            _("Under 18: the guardian"),
            {"fields": (("guardian_name", "guardian_relation", "guardian_phone"),)},
        ),
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
                    "consents_shown",
                    "letters_shown",
                )
            },
        ),
    )
    actions = ("refuse_all",)
    object_actions = (*QueuePages.object_actions, "record_consent", "hand_over", "erase")
    hand_over, erase = hand_over_act(when=is_all_there_is), erase_act(when=is_all_there_is)
    record_consent = records_answers(
        "answer_of_applicant",
        when=lambda application: application.trainee_id is None,
    )
    readonly_fields = ("why", "consents_shown", "letters_shown")

    @admin.display(description=_("name"), ordering=tr_order("last_name"))
    def name(self, application):
        return str(application)

    @admin.display(description=_("phone"), ordering="phone")
    def phone_shown(self, application):
        return phone_cell(application)

    @admin.display(description=_("Consents on record"))
    def consents_shown(self, application):
        """What the applicant answered while they were not on record, the last answer first."""
        lines = (
            (one, timezone.localdate(one.at).strftime("%d.%m.%Y"), one.get_channel_display())
            for one in application.consents.order_by("-pk")
        )
        return format_html_join(" · ", "{}, {}, {}", lines)

    @admin.display(description=_("Why"))
    def why(self, application):
        """Why the applicant has an offer, has none, or has lost it."""
        return " ".join(services.why_not_offered(application))
