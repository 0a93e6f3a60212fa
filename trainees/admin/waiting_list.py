"""The waiting list of a course, the call list, and the acts on an application (DESIGN.md §3)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.enums import CourseState
from izmek.admin import (
    ActionForm,
    SeveralRows,
    bulk_action,
    object_action,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.desk import TAB
from izmek.admin.masking import masked_for, reads_masked
from izmek.admin.scope import admin_of
from trainees import services
from trainees.admin.calls import caller
from trainees.admin.counter_links import counter_button
from trainees.enums import ApplicationState
from trainees.models import Application, Enrolment
from trainees.queries.calls import people_to_call
from trainees.rights import RIGHTS

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

    def list_tools(self, request):
        calls = reverse("admin:trainees_call_desk")
        return [(_("People to call"), calls), *super().list_tools(request)]

    def page_of(self, request, application):
        """The page of the course where its act was opened from, else the application's own."""
        if request.GET.get(TAB):
            return queue_page(application.course_id)
        return super().page_of(request, application)

    def _done(self, request, application, sentence):
        """Report success on the page that shows the next person."""
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(queue_page(application.course_id))

    accept = counter_button(
        gettext_lazy("Register (kesin kayıt)"),
        "enrolment",
        of="application",
        may=RIGHTS.asks("accept_offer"),
        when=is_open,
    )

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
    menu=False,
)
def free_unseen(self, request, course, data):
    """On the course's page: the first-lesson rule, confirmed by an officer (DOMAIN.md §3)."""
    freed = services.free_unseen_seats(
        course=course, by=request.user, enrolments=data["enrolments"]
    )
    sentence = ngettext("%(count)d seat is free.", "%(count)d seats are free.", len(freed))
    return sentence % {"count": len(freed)}


def most_common(buttons):
    """The acts of an application for a list; the others are on the application's page."""
    return [button for button in buttons if button["action"] != "resend"]


def queue_page(course):
    """The address of the tab with the applications of the course with this key."""
    return reverse("admin:courses_course_applications", args=[course])


def applications_tab(admin, request, course):
    """Who has an offer, who waits and why, and who did not come to the first lesson."""
    of_applications = admin_of(admin.admin_site, Application)
    rows = course.applications.open().select_related("trainee").with_position()
    rows = masked_for(request.user, rows)
    rows = list(rows.order_by("position", "offered_at", "pk"))
    queue, buttons = services.Queue(course), of_applications.buttons_in_list(request, rows)
    if not reads_masked(request.user):
        queue.open = rows  # the same rows, read once
    for row in rows:
        row.course = course
        row.why = services.why_not_offered(row, queue)
        row.buttons = most_common(buttons[row.pk])
        for button in row.buttons:
            button["url"] += f"?{TAB}=applications"
    unseen = list(course.enrolments.unseen().select_related("trainee"))
    everything = of_applications.url("changelist")
    calls = reverse("admin:trainees_call_desk")
    acts = admin.acts_on(request, course, "applications")
    return {
        "course": course,
        "add": next((act["url"] for act in acts if act["action"] == "take_application"), None),
        "offered": [row for row in rows if is_offered(row)],
        "waiting": [row for row in rows if not is_offered(row)],
        "unseen": unseen,
        "others": f"{everything}?course__id__exact={course.pk}&year=all",
        "calls": people_to_call(caller(request.user), course=course.pk).count(),
        "calls_url": f"{calls}?course={course.pk}",
        "free_unseen": _free_unseen_url(request, course, unseen),
    }


def _free_unseen_url(request, course, unseen):
    if not unseen or not RIGHTS.may(request.user, "free_unseen_seats", course):
        return None
    return (
        reverse("admin:courses_course_act", args=[course.pk, "free_unseen"])
        + f"?{TAB}=applications"
    )
