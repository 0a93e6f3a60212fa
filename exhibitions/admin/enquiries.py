"""Enquiries in the admin; visitors send them, staff answer them here."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.models import CourseCentre
from exhibitions import services
from exhibitions.admin.data_requests import DoneForm, EnterRequestForm, WhoseForm
from exhibitions.enums import (
    AnswerChannel,
    EnquiryKind,
    EnquiryState,
)
from exhibitions.models import Enquiry
from exhibitions.rights import RIGHTS
from izmek.acts.refusal import Refusal, show_refusal
from izmek.admin import ActionForm, ReadOnlyAdmin, RelatedFilter, object_action
from izmek.admin.actions import ReasonForm, object_link
from izmek.text.order import tr_order
from izmek.text.phones import show
from trainees.admin.personal_data import erase_act, hand_over_act
from trainees.papers.handed_over import PAGES, page_of
from trainees.services.known_by_contact import has_no_record

# --- Enquiries --------------------------------------------------------------------------------


def register_address():
    """The address of the list of requests about personal data."""
    return f"{reverse('admin:exhibitions_enquiry_changelist')}?{urlencode(REGISTER)}"


def is_open(enquiry):
    return enquiry.state == EnquiryState.NEW


def question(enquiry):
    """The question and who asked it, above the field for the answer."""
    reach = " · ".join(filter(None, (enquiry.name, enquiry.email, show(enquiry.phone))))
    return f"{reach}\n\n{enquiry.message}"


def is_identified(enquiry):
    return enquiry.is_request and enquiry.whose is not None


def whose_of(enquiry):
    """Whose data a request is about. Raises Refusal as long as nobody has said so."""
    if not is_identified(enquiry):
        raise Refusal(_("Say first whose data it is."), code="whose")
    return enquiry.whose


def is_of_who_has_no_record(enquiry):
    """Everything about them is done on the page of the request: they have none of their own."""
    return is_identified(enquiry) and has_no_record(enquiry.whose)


PAGES[Enquiry] = "admin:exhibitions_enquiry_change"


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


class LetterForm(ToldForm):
    """An answer by letter."""


class DeadlineFilter(admin.SimpleListFilter):
    title = _("answer by")
    parameter_name = "deadline"

    def lookups(self, request, model_admin):
        return [("over", _("overdue")), ("soon", _("within ten days"))]

    def queryset(self, request, queryset):
        if self.value() == "over":
            return queryset.overdue()
        return queryset.due_soon() if self.value() == "soon" else queryset


# The list of requests about personal data: the register.
REGISTER = {"kind__exact": EnquiryKind.PRIVACY.value}


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
    list_filter = ("state", "kind", DeadlineFilter, "wish", ("centre", RelatedFilter))
    list_select_related = (
        "work",
        "exhibition",
        "centre",
        "trainee",
        "teacher",
        "application",
        "guardian",
    )
    search_fields = (
        "name",
        "message",
        "email",
        "reference",
        "work__folded",
        "exhibition__folded",
    )
    ordering = ("-received_at", "-pk")
    object_actions = (  # of a request in the order in which it is worked off
        "whose_data",
        "to_the_person",
        "hand_over",
        "note_done",
        "answer",
        "answered_by_phone",
        "answered_by_letter",
        "erase",
        "route",
        "close",
        "reopen",
    )
    readonly_fields = ("about", "phone_shown", "deadline", "whose")

    def get_fieldsets(self, request, obj=None):
        contact = ["name"]
        # users with read access only need no contact data
        if RIGHTS.may(request.user, "answer_enquiry", obj):
            contact.append(("email", "phone_shown"))
        request_part = ()
        if obj and obj.is_request:
            if len(contact) > 1:
                contact.append("postal_address")
            fields = (("wish", "came_by"), ("whose", "identity_check"), "done")
            request_part = ((_("Request about personal data"), {"fields": fields}),)
        return (
            (None, {"fields": (("kind", "topic"), ("about", "centre"), "message")}),
            *request_part,
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

    # --- The register of requests about personal data -------------------------------------------

    def is_register(self, request):
        """Whether the list shows requests about personal data alone."""
        return request.GET.get("kind__exact") == EnquiryKind.PRIVACY

    def get_list_display(self, request):
        if self.is_register(request):
            return ("received_at", "name", "wish", "whose", "identity_check", "deadline", "state")
        return super().get_list_display(request)

    def changelist_view(self, request, extra_context=None):
        if self.is_register(request):
            extra_context = {"title": _("Requests about personal data"), **(extra_context or {})}
        return super().changelist_view(request, extra_context)

    def get_urls(self):
        view = self.guarded(self.enter_view)
        return [path("enter/", view, name="exhibitions_enquiry_enter"), *super().get_urls()]

    def list_tools(self, request):
        tools = []
        if RIGHTS.may(request.user, "enter_request"):
            tools.append((_("Enter a request about personal data"), self.url("enter")))
        if not self.is_register(request):
            tools.append((_("Requests about personal data"), register_address()))
        return [*tools, *super().list_tools(request)]

    def enter_view(self, request):
        """Enter a request that did not come by the site."""
        if not RIGHTS.may(request.user, "enter_request"):
            raise PermissionDenied
        form = EnterRequestForm(request.POST if request.method == "POST" else None, request=request)
        if request.method == "POST" and form.is_valid():
            try:
                enquiry = services.enter_request(by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                self.message_user(request, _("The request is entered."), messages.SUCCESS)
                return HttpResponseRedirect(self.url("change", enquiry.pk))
        return self.render_action_page(
            request,
            form=form,
            title=_("Enter a request about personal data"),
            text=_("It is answered within 30 days from the day on which it came in."),
            submit=_("Enter"),
        )

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=_("whose data"))
    def whose(self, enquiry):
        """Whom it is about, with a link to the page on which it is done."""
        person = enquiry.whose
        if person is None:
            return self.get_empty_value_display()
        if person == enquiry:
            return _("the writer: only what they wrote is known")
        return format_html('<a href="{}">{}</a>', page_of(person), person)

    @admin.display(description=_("about"))
    def about(self, enquiry):
        row = enquiry.about
        if row is None:
            return self.get_empty_value_display()
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
        _("Say whose data it is"),
        may=RIGHTS.asks("identify_request"),
        form=WhoseForm,
        when=lambda enquiry: is_open(enquiry) and enquiry.is_request,
        next_when=lambda enquiry: is_open(enquiry) and enquiry.is_request and enquiry.whose is None,
        text=question,
    )
    def whose_data(self, request, enquiry, data):
        services.identify_request(
            enquiry=enquiry,
            person=data["person"],
            check=data["check"],
            wish=data["wish"],
            by=request.user,
        )
        return _("The person is found: now do what is asked, and then answer.")

    to_the_person = object_link(
        _("To the person’s data"),
        lambda enquiry: page_of(enquiry.whose or enquiry),
        may=RIGHTS.asks("identify_request"),
        when=lambda enquiry: is_identified(enquiry) and enquiry.whose != enquiry,
    )
    hand_over = hand_over_act(
        when=lambda enquiry: is_open(enquiry) and is_of_who_has_no_record(enquiry), whose=whose_of
    )
    erase = erase_act(
        when=lambda enquiry: not is_open(enquiry) and is_of_who_has_no_record(enquiry),
        whose=whose_of,
    )

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
        _("Answered by letter"),
        may=RIGHTS.asks("note_answer"),
        form=LetterForm,
        when=lambda enquiry: is_open(enquiry) and enquiry.postal_address,
        text=question,
    )
    def answered_by_letter(self, request, enquiry, data):
        services.note_answer(enquiry=enquiry, by=request.user, channel=AnswerChannel.POST, **data)
        return _("The answer is noted.")

    @object_action(
        _("Note what was done"),
        may=RIGHTS.asks("note_done"),
        form=DoneForm,
        when=lambda enquiry: is_open(enquiry) and enquiry.is_request,
        text=question,
    )
    def note_done(self, request, enquiry, data):
        services.note_done(enquiry=enquiry, by=request.user, **data)
        return _("It is noted.")

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
