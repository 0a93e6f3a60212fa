"""Enquiries in the admin; visitors send them, staff answer them here."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.models import CourseCentre
from exhibitions import services
from exhibitions.enums import EnquiryState
from exhibitions.models import Enquiry
from exhibitions.rights import RIGHTS
from izmek.admin import ActionForm, ReadOnlyAdmin, RelatedFilter, object_action
from izmek.admin.actions import ReasonForm
from izmek.text.order import tr_order
from izmek.text.phones import show

# --- Enquiries --------------------------------------------------------------------------------


def is_open(enquiry):
    return enquiry.state == EnquiryState.NEW


def question(enquiry):
    """The question and who asked it, above the field for the answer."""
    reach = " · ".join(filter(None, (enquiry.name, enquiry.email, show(enquiry.phone))))
    return f"{reach}\n\n{enquiry.message}"


class AnswerForm(ActionForm):
    answer = forms.CharField(
        label=_("Answer"),
        widget=AdminTextareaWidget,
        help_text=_("It goes to the writer with their own words below it, signed by the centre."),
    )


class ToldForm(ActionForm):
    answer = forms.CharField(label=_("What was said"), widget=AdminTextareaWidget)


class RouteForm(ActionForm):
    """Choose any active centre, also one that the officer may not see."""

    centre = forms.ModelChoiceField(label=_("course centre"), queryset=CourseCentre.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = CourseCentre.objects.public().order_by(tr_order("name"))


class DeadlineFilter(admin.SimpleListFilter):
    title = _("answer by")
    parameter_name = "deadline"

    def lookups(self, request, model_admin):
        return [("over", _("overdue"))]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "over" else queryset


STATE_COLOURS = {
    EnquiryState.NEW: "soon",
    EnquiryState.ANSWERED: "now",
    EnquiryState.CLOSED: "past",
}


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin):
    tagged = {"state": STATE_COLOURS}
    help = "ziyaretcilerden-gelenler"
    list_display = ("received_at", "kind", "name", "about", "centre", "deadline", "state")
    list_display_links = ("received_at", "name")
    list_filter = ("state", "kind", DeadlineFilter, ("centre", RelatedFilter))
    list_select_related = ("work", "exhibition", "centre")
    search_fields = (
        "name",
        "message",
        "email",
        "reference",
        "work__folded",
        "exhibition__folded",
    )
    ordering = ("-received_at", "-pk")
    object_actions = ("answer", "answered_by_phone", "route", "close", "reopen")
    readonly_fields = ("about", "phone_shown", "deadline")

    def get_fieldsets(self, request, obj=None):
        contact = ["name"]
        # users with read access only need no contact data
        if RIGHTS.may(request.user, "answer_enquiry", obj):
            contact.append(("email", "phone_shown"))
        return (
            (None, {"fields": (("kind", "topic"), ("about", "centre"), "message")}),
            (_("Contact"), {"fields": (*contact, ("language", "reference"))}),
            (
                _("Answer"),
                {
                    "fields": (
                        ("state", "received_at", "deadline"),
                        "state_reason",
                        "answer",
                        ("channel", "answered_at", "answered_by"),
                    )
                },
            ),
        )

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=_("about"))
    def about(self, enquiry):
        row = enquiry.about
        if row is None:
            return None
        name = f"admin:exhibitions_{row._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), row)

    @admin.display(description=_("phone"))
    def phone_shown(self, enquiry):
        return show(enquiry.phone)

    @admin.display(description=_("answer by"), ordering="answer_by")
    def deadline(self, enquiry):
        """The legal deadline and the time left; empty when there is none."""
        if not enquiry.has_deadline:
            return ""
        left = (enquiry.answer_by - timezone.localdate()).days
        day = formats.date_format(enquiry.answer_by, "SHORT_DATE_FORMAT")
        if enquiry.is_overdue():
            late = ngettext("%(days)d day late", "%(days)d days late", -left) % {"days": -left}
            return format_html('<strong class="overdue">{} · {}</strong>', day, late)
        return f"{day} · " + ngettext("%(days)d day left", "%(days)d days left", left) % {
            "days": left
        }

    # --- Acts ---------------------------------------------------------------------------------

    @object_action(
        _("Answer by e-mail"),
        may=RIGHTS.asks("answer_enquiry"),
        form=AnswerForm,
        when=lambda enquiry: is_open(enquiry) and enquiry.email,
        text=question,
    )
    def answer(self, request, enquiry, data):
        services.answer_enquiry(enquiry=enquiry, by=request.user, **data)
        return _("The answer is on its way: %(address)s") % {"address": enquiry.email}

    @object_action(
        _("Answered by telephone"),
        may=RIGHTS.asks("note_answer"),
        form=ToldForm,
        when=is_open,
        text=question,
    )
    def answered_by_phone(self, request, enquiry, data):
        services.note_answer(enquiry=enquiry, by=request.user, **data)
        return _("The answer is noted.")

    @object_action(
        _("Give to another centre"),
        may=RIGHTS.asks("route_enquiry"),
        form=RouteForm,
        when=is_open,
        text=_(
            "Its officers get a letter and answer it; whoever has no other right sees it no more."
        ),
    )
    def route(self, request, enquiry, data):
        services.route_enquiry(enquiry=enquiry, by=request.user, **data)
        self.message_user(request, _("It is with %(centre)s now.") % data, messages.SUCCESS)
        return HttpResponseRedirect(self.url("changelist"))

    @object_action(
        _("Close without an answer"),
        may=RIGHTS.asks("close_enquiry"),
        form=ReasonForm,
        when=is_open,
        text=_("For advertising and repetitions. A real request about personal data is answered."),
        danger=True,
    )
    def close(self, request, enquiry, data):
        services.close_enquiry(enquiry=enquiry, by=request.user, **data)
        return _("The enquiry is closed.")

    @object_action(
        _("Open again"),
        may=RIGHTS.asks("reopen_enquiry"),
        when=lambda enquiry: not is_open(enquiry),
        text=_("It waits for an answer again; what was answered stays in its history."),
    )
    def reopen(self, request, enquiry, data):
        services.reopen_enquiry(enquiry=enquiry, by=request.user)
        return _("The enquiry is open again.")
