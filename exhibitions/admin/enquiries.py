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

from courses.models import CourseCentre, Teacher
from exhibitions import services
from exhibitions.enums import (
    AnswerChannel,
    CameBy,
    EnquiryKind,
    EnquiryState,
    IdentityCheck,
    Wish,
)
from exhibitions.models import Enquiry, Maker
from exhibitions.rights import RIGHTS
from izmek.accounts.roles import Role
from izmek.acts.refusal import Refusal, show_refusal
from izmek.admin import ActionForm, ReadOnlyAdmin, RelatedFilter, object_action, visible
from izmek.admin.actions import ReasonForm, RowChoice
from izmek.admin.widgets import DateInput
from izmek.text.codes import read_code
from izmek.text.mail import MailFormField
from izmek.text.names import NameFormField
from izmek.text.order import tr_order
from izmek.text.phones import PhoneFormField, show
from trainees.models import Application, Trainee

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


class EnterRequestForm(ActionForm):
    """A request about personal data that came by letter, by e-mail or at the counter."""

    came_by = forms.ChoiceField(
        label=_("It came"), choices=[(one.value, one.label) for one in CameBy.entered()]
    )
    received_on = forms.DateField(
        label=_("came in on"),
        initial=timezone.localdate,
        widget=DateInput,
        help_text=_("From this day the 30 days run."),
    )
    wish = forms.ChoiceField(label=_("what is asked"), choices=Wish)
    name = NameFormField(label=_("name"), max_length=120, as_typed=True)
    email = MailFormField(label=_("e-mail"), required=False)
    phone = PhoneFormField(label=_("phone"), required=False)
    postal_address = forms.CharField(label=_("postal address"), max_length=250, required=False)
    message = forms.CharField(
        label=_("What the person wrote or said"),
        widget=AdminTextareaWidget,
        help_text=_("Without an identity number."),
    )
    centre = forms.ModelChoiceField(
        label=_("course centre"), queryset=CourseCentre.objects.none(), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = CourseCentre.objects.visible_to(self.request.user).order_by(tr_order("name"))
        self.fields["centre"].queryset = own
        if not self.request.user.has_role(Role.MANAGER):  # who could not see it afterwards
            self.fields["centre"].required = True


class WhoseForm(ActionForm):
    """Whose data a request is about, and how that was checked."""

    trainee = RowChoice(Maker, "trainee", required=False, label=_("trainee"))
    teacher = RowChoice(Maker, "teacher", required=False, label=_("teacher"))
    application = forms.CharField(
        label=_("application"),
        required=False,
        max_length=20,
        help_text=_("Of who is not on record: the reference, such as K7RC-3VTD-MZ4P."),
    )
    wish = forms.ChoiceField(label=_("what is asked"), choices=Wish)
    check = forms.ChoiceField(
        label=_("identity checked"), choices=[("", "---------"), *IdentityCheck.choices]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wish"].initial = self.obj.wish
        self.fields["trainee"].queryset = visible(Trainee, self.request.user)
        self.fields["teacher"].queryset = visible(Teacher, self.request.user)

    def clean_application(self):
        typed = self.cleaned_data["application"]
        if not typed:
            return None
        rows = visible(Application, self.request.user)
        found = rows.filter(reference=read_code(typed) or "-").first()
        if found is None:
            raise forms.ValidationError(_("No application that you see has this reference."))
        if found.trainee_id:
            raise forms.ValidationError(_("The applicant is on record: choose the trainee."))
        return found

    def clean(self):
        data = super().clean()
        chosen = [data[name] for name in ("trainee", "teacher", "application") if data.get(name)]
        if not self.errors and len(chosen) != 1:
            raise forms.ValidationError(_("Choose one: a trainee, a teacher or an application."))
        data["person"] = chosen[0] if chosen else None
        return data


class DoneForm(ActionForm):
    done = forms.CharField(label=_("what was done"), widget=AdminTextareaWidget)


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
    object_actions = (
        "answer",
        "answered_by_phone",
        "answered_by_letter",
        "whose_data",
        "note_done",
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
        names = {
            "trainee": "trainees_trainee_personal_data",
            "teacher": "courses_teacher_change",
            "application": "trainees_application_change",
        }
        address = reverse(f"admin:{names[person._meta.model_name]}", args=[person.pk])
        return format_html('<a href="{}">{}</a>', address, person)

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
        return _("The person is found. What was asked is done on their page.")

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
