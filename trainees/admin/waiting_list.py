"""The waiting list of a course, the call list, and the acts on an application (DESIGN.md §3)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.enums import CourseState, Education
from courses.models import Course
from izmek.admin import (
    ActionForm,
    RowChoice,
    SeveralRows,
    bulk_action,
    object_action,
    object_link,
    visible,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.masking import masked_for
from izmek.text import masks
from izmek.text.fold import fold
from izmek.text.mail import MailFormField
from izmek.text.names import NO_LAST_NAME, LastNameFormField, NameFormField
from izmek.text.phones import PhoneFormField, show
from trainees import services
from trainees.admin.forms import NumberFields, OverrideField
from trainees.enums import ApplicationState
from trainees.forms.fields import DayField, education_asked
from trainees.forms.same_person import (
    ask_whether_applicant,
    ask_whether_known,
    ask_which_counts,
    masked_name,
)
from trainees.models import Application, Enrolment, Trainee, check_birth_date
from trainees.rights import RIGHTS

MOST_CALLS = 100  # in one list; who is called leaves it
TEXT = {"size": 30, "autocomplete": "off"}


# --- Kesin kayıt ------------------------------------------------------------------------------

# What an officer may change of a known person: {column: (shown, shown of somebody else's trainee)}.
CHANGES = {
    "birth_date": (lambda day: f"{day:%d.%m.%Y}", masks.day),
    "phone": (show, masks.phone),
    "email": (str, masks.email),
    "neighbourhood": (str, masks.all_of_it),
    "education": (lambda level: Education(level).label, masks.all_of_it),
}


class AcceptForm(NumberFields, ActionForm):
    """The data on the identity card, and what the application does not contain.

    For a known trainee, an empty field keeps the recorded value; a value that differs from it
    replaces it only if both were shown and the new one was chosen.
    """

    first_name = NameFormField(label=gettext_lazy("first name"), max_length=80)
    last_name = LastNameFormField(label=gettext_lazy("last name"), max_length=80)
    birth_date = DayField(
        label=gettext_lazy("date of birth"), required=False, validators=[check_birth_date]
    )
    phone = PhoneFormField(label=gettext_lazy("phone"))
    email = MailFormField(label=gettext_lazy("e-mail"), required=False)
    neighbourhood = RowChoice(Trainee, "neighbourhood", required=False)
    education = forms.ChoiceField(
        label=gettext_lazy("education"),
        choices=[("", "---------"), *Education.choices],
        required=False,
    )
    guardian_name = NameFormField(
        label=gettext_lazy("guardian"),
        max_length=160,
        required=False,
        help_text=gettext_lazy(
            "Under 18: who permits the trainee to attend, and is here or has signed for it."
        ),
    )
    guardian_relation = forms.CharField(
        label=gettext_lazy("relation"), max_length=40, required=False
    )
    guardian_phone = PhoneFormField(label=gettext_lazy("guardian's phone"), required=False)
    override = OverrideField()

    def __init__(self, *args, obj, **kwargs):
        initial = {name: getattr(obj, name) for name in ("first_name", "email")}
        initial["last_name"] = obj.last_name or NO_LAST_NAME
        if obj.trainee:
            known = ("birth_date", "neighbourhood", "education")
            initial |= {name: getattr(obj.trainee, name) for name in known}
        super().__init__(
            *args, obj=obj, initial=initial | {"phone": obj.phone.as_national}, **kwargs
        )
        self.fields["education"].help_text = education_asked(obj.course)
        if obj.trainee:
            self.fields["identity_number"].help_text = obj.trainee.masked_number

    def clean(self):
        data = super().clean()
        if data.get("guardian_name") and not data.get("guardian_relation"):
            self.add_error("guardian_relation", _("Enter the relation, for example mother."))
        if self.errors:
            return data
        known = services.find_by_identity(**data["identity"], by=self.request.user)
        data["trainee"] = person = known or self.obj.trainee or self._who_it_is(data)
        if person:
            theirs = RIGHTS.may(self.request.user, "record_identity", person)
            if known and fold(str(known)) != fold(f"{data['first_name']} {data['last_name']}"):
                self._another_name(known if theirs else masked_name(known))
            for name in CHANGES:
                self._choose(name, person, theirs)
        return data

    def _another_name(self, name):
        self.add_error(
            "first_name",
            _(
                "This number is on record for “%(name)s”. If it is the same person, write the name "
                "as recorded; else look at the number again."
            )
            % {"name": name},
        )

    def _choose(self, name, person, theirs):
        """Where a recorded value and the typed one differ, show both and ask which one counts.

        The record of somebody who is not the officer's own is shown masked. An answer counts for
        the two values that stood beside it: others are asked about again.
        """
        recorded, typed = getattr(person, name), self.cleaned_data[name]
        if not recorded or not typed or recorded == typed:
            return
        shown, masked = CHANGES[name]
        both = ((shown if theirs else masked)(recorded), shown(typed))
        counts = ask_which_counts(self, name, recorded=recorded, typed=typed, shown=both)
        if counts == recorded:
            self.cleaned_data[name] = ""
        asked = f"{name}_counts"
        order = [field for field in self.fields if field != asked]
        order.insert(order.index(name) + 1, asked)
        self.order_fields(order)

    def _who_it_is(self, data):
        """Ask whether somebody new is the applicant, and whether they are on record without a number."""
        name = f"{data['first_name']} {data['last_name']}".strip()
        if ask_whether_applicant(self, self.obj, name=name) is None and not self.errors:
            self.add_error("is_applicant", _("Then enrol them without this application."))
        return ask_whether_known(
            self, name=name, birth_date=data["birth_date"], phone=data["phone"]
        )


def accept(*, application, data, by):
    """Give an applicant the seat, according to an AcceptForm; returns the Enrolment."""
    trainee, guardian = data["trainee"], None
    changes = {name: data[name] for name in CHANGES if data[name]}
    if trainee is None:
        names = {name: data[name] for name in ("first_name", "last_name")}
        trainee = Trainee(**names, **changes)
    if data["guardian_name"]:
        guardian = {
            "name": data["guardian_name"],
            "relation": data["guardian_relation"],
            "phone": data["guardian_phone"],
            "permission_on": timezone.localdate(),
        }
    return services.enrol_in_person(
        course=application.course,
        application=application,
        trainee=trainee,
        changes=changes,
        identity=data["identity"],
        guardian=guardian,
        override=data["override"],
        by=by,
    )


# --- The pages and acts of applications -------------------------------------------------------


def is_open(application):
    return application.is_open


def is_offered(application):
    return application.state == ApplicationState.OFFERED


class CertifiedForm(ActionForm):
    already_certified = forms.TypedChoiceField(
        label=gettext_lazy("already certified in this programme"),
        choices=[("no", gettext_lazy("no")), ("yes", gettext_lazy("yes"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )


class QueuePages:
    """The part of ApplicationAdmin with which a centre works on its waiting lists."""

    object_actions = (
        "accept",
        "confirm",
        "told_by_phone",
        "certified",
        "decline",
        "withdraw",
        "refuse",
        "resend",
    )

    def get_urls(self):
        return [
            path(
                "queue/<int:course_id>/",
                self.guarded(self.queue_view),
                name="trainees_application_queue",
            ),
            path("calls/", self.guarded(self.calls_view), name="trainees_application_calls"),
            *super().get_urls(),
        ]

    def list_tools(self, request):
        return [(_("Applicants to call"), self.url("calls")), *super().list_tools(request)]

    def queue_view(self, request, course_id):
        """Who has an offer, who waits and why, and who did not come to the first lesson."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        courses = Course.objects.with_people_seen_by(request.user).with_free_seats()
        course = get_object_or_404(courses.select_related("programme", "centre"), pk=course_id)
        queue = services.Queue(course)
        rows = course.applications.open().select_related("trainee").with_position()
        rows = masked_for(request.user, rows, self.masked_columns)
        rows = list(rows.order_by("position", "offered_at", "pk"))
        buttons = self.buttons_in_list(request, rows)
        for row in rows:
            row.course = course
            row.why = services.why_not_offered(row, queue)
            row.buttons = self._most_common(buttons[row.pk])
        return self._queue_page(
            request,
            "admin/trainees/waiting_list.html",
            title=_("Queue: %(course)s") % {"course": course},
            course=course,
            offered=[row for row in rows if is_offered(row)],
            waiting=[row for row in rows if not is_offered(row)],
            may_free=RIGHTS.may(request.user, "free_unseen_seats", course),
            unseen=list(course.enrolments.unseen().select_related("trainee")),
            others=f"{self.url('changelist')}?course__id__exact={course.pk}&year=all",
            free_unseen=reverse("admin:courses_course_act", args=[course.pk, "free_unseen"]),
        )

    def calls_view(self, request):
        """Whom to tell of an offer and whom to ask for a confirmation, at all centres that one sees."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        seen = masked_for(request.user, visible(Application, request.user), self.masked_columns)
        lists = [
            list(rows.select_related("course__programme", "course__centre")[:MOST_CALLS])
            for rows in (seen.to_call(), seen.to_confirm())
        ]
        buttons = self.buttons_in_list(request, lists[0] + lists[1])
        for row in lists[0] + lists[1]:
            row.buttons = self._most_common(buttons[row.pk])
        return self._queue_page(
            request,
            "admin/trainees/calls.html",
            title=_("Applicants to call"),
            applications=lists[0],
            unconfirmed=lists[1],
        )

    def _most_common(self, buttons):
        """The acts for a list; the others are on the application's page."""
        return [button for button in buttons if button["action"] != "resend"]

    def _queue_page(self, request, template, **context):
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                **context,
            },
        )

    def _done(self, request, application, sentence):
        """Report success on the page that shows the next person."""
        self.message_user(request, sentence, messages.SUCCESS)
        if request.POST.get("back") == "calls":
            return HttpResponseRedirect(self.url("calls"))
        return HttpResponseRedirect(self.url("queue", application.course_id))

    @object_action(
        gettext_lazy("Register (kesin kayıt)"),
        form=AcceptForm,
        may=RIGHTS.asks("accept_offer"),
        when=is_open,
        text=gettext_lazy(
            "The applicant is here with the identity card: the application becomes a seat. Who "
            "is on record already is found by the number."
        ),
    )
    def accept(self, request, application, data):
        enrolment = accept(application=application, data=data, by=request.user)
        return self._done(request, application, _("Enrolled: %(who)s") % {"who": enrolment.trainee})

    @object_action(
        gettext_lazy("Confirm"),
        may=RIGHTS.asks("confirm_application"),
        when=lambda application: application.is_unconfirmed,
        text=gettext_lazy(
            "The applicant has said by telephone or at the counter that they want the seat. From now "
            "on one is offered when it is their turn."
        ),
    )
    def confirm(self, request, application, data):
        confirmed = services.confirm_application(application=application, by=request.user)
        sentence = _("Confirmed: %(why)s") % {"why": services.why_not_offered(confirmed)[0]}
        return self._done(request, application, sentence)

    @object_action(
        gettext_lazy("Told by phone"),
        may=RIGHTS.asks("told_by_phone"),
        when=lambda application: is_offered(application) and application.offer_until is None,
        text=gettext_lazy("The applicant knows of the seat. The time in which to come begins now."),
    )
    def told_by_phone(self, request, application, data):
        told = services.told_by_phone(application=application, by=request.user)
        sentence = _("Noted: %(why)s") % {"why": services.why_not_offered(told)[0]}
        return self._done(request, application, sentence)

    @object_action(
        gettext_lazy("Correct the answer on certificates"),
        may=RIGHTS.asks("set_already_certified"),
        form=CertifiedForm,
        when=is_open,
        text=gettext_lazy(
            "Whoever is certified in this programme already waits behind the others."
        ),
    )
    def certified(self, request, application, data):
        services.set_already_certified(application=application, by=request.user, **data)
        return self._done(request, application, _("The answer is corrected."))

    @object_action(
        gettext_lazy("Does not want the seat"),
        may=RIGHTS.asks("decline_offer"),
        when=is_offered,
        text=gettext_lazy("The seat is offered to whoever is next."),
        danger=True,
    )
    def decline(self, request, application, data):
        services.decline_offer(application=application, by=request.user)
        return self._done(request, application, _("The offer is declined; the queue has moved up."))

    @object_action(
        gettext_lazy("Withdraw for the applicant"),
        may=RIGHTS.asks("withdraw_application"),
        when=lambda application: application.state == ApplicationState.RECEIVED,
        text=gettext_lazy("The applicant has said that they no longer want to attend."),
        danger=True,
    )
    def withdraw(self, request, application, data):
        services.withdraw_application(application=application, by=request.user)
        return self._done(request, application, _("The application is withdrawn."))

    @object_action(
        gettext_lazy("Refuse"),
        may=RIGHTS.asks("refuse_application"),
        form=ReasonForm,
        when=is_open,
        text=gettext_lazy("The applicant is told the reason, by letter and on their page."),
        danger=True,
    )
    def refuse(self, request, application, data):
        services.refuse_application(application=application, by=request.user, **data)
        return self._done(request, application, _("The application is refused."))

    @bulk_action(
        gettext_lazy("Refuse the chosen applications"),
        form=ReasonForm,
        may=RIGHTS.asks("refuse_application"),
        done=lambda count: (
            ngettext(
                "%(count)d application is refused.", "%(count)d applications are refused.", count
            )
            % {"count": count}
        ),
        text=gettext_lazy(
            "For applications that nobody means. Whoever has confirmed is told the reason by letter; "
            "the others see it on their page."
        ),
    )
    def refuse_all(self, request, application, data):
        services.refuse_application(application=application, by=request.user, **data)


# --- On the course's page ---------------------------------------------------------------------


class UnseenForm(ActionForm):
    """Those who did not come to the first lesson; the officer confirms each."""

    enrolments = SeveralRows(
        label=gettext_lazy("Absent from the first lesson without an excuse"),
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, obj, **kwargs):
        super().__init__(*args, obj=obj, **kwargs)
        field = self.fields["enrolments"]
        field.queryset = obj.enrolments.unseen().select_related("trainee")
        field.label_from_instance = lambda enrolment: str(enrolment.trainee)


@object_action(
    gettext_lazy("Free the seats of those who did not come"),
    form=UnseenForm,
    may=RIGHTS.asks("free_unseen_seats"),
    when=lambda course: course.state == CourseState.RUNNING and course.enrolments.unseen().exists(),
    text=gettext_lazy(
        "Whoever stays away from the first lesson without an excuse loses the seat; it is offered "
        "to whoever is next."
    ),
    danger=True,
)
def free_unseen(self, request, course, data):
    """On the course's page: the first-lesson rule, confirmed by an officer (DOMAIN.md §3)."""
    freed = services.free_unseen_seats(
        course=course, by=request.user, enrolments=data["enrolments"]
    )
    sentence = ngettext("%(count)d seat is free.", "%(count)d seats are free.", len(freed))
    return sentence % {"count": len(freed)}


queue = object_link(
    gettext_lazy("Queue"),
    lambda course: reverse("admin:trainees_application_queue", args=[course.pk]),
    permission="trainees.view_application",
    when=lambda course: course.state in CourseState.enrolling(),
)
