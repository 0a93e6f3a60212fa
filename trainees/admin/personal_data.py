"""What people may ask of their own data: everything handed over, stored only, erased (law 6698, art. 11).

The acts stand on the tab of a person, and in the menu of a teacher and of an applicant without a record.
"""

from django import forms
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Teacher
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin import ActionForm, Tab, object_action
from izmek.admin.actions import ReasonForm
from izmek.admin.jobs import job_address, jobs_about
from izmek.admin.tags import tag
from trainees import services
from trainees.enums import ErasureReason
from trainees.papers import handed_over
from trainees.rights import RIGHTS
from trainees.services.contacts import name_of
from trainees.services.erasure import ErasurePreview
from trainees.services.known_by_contact import has_no_record

PERSONAL_DATA_ACTS = ("hand_over", "restrict", "lift_restriction", "erase")
BY_HAND = [one for one in ErasureReason if one != ErasureReason.OVER]


def is_all_there_is(application):
    """Whether an application is all that is on record about the applicant."""
    return application.trainee_id is None


def themselves(person):
    return person


def is_there(person):
    return not getattr(person, "anonymised_at", None)


def stored_only(trainee):
    """What everybody reads at the head of somebody whose data may be stored only."""
    day = formats.date_format(timezone.localdate(trainee.restricted_at), "SHORT_DATE_FORMAT")
    return _(
        "Since %(day)s these data may be stored only: do not call or write, publish nothing, hand out no "
        "list."
    ) % {"day": day}


class EraseForm(ActionForm):
    """Erasing for good: why, and that what goes was looked at."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", "---------"), *((one.value, one.label) for one in BY_HAND)],
        help_text=gettext_lazy("It stays in the access log, where nobody is named."),
    )
    account = forms.BooleanField(
        label=gettext_lazy("Also close the account by which the teacher signs in"), required=False
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have looked at what goes. It cannot be taken back."),
        error_messages={"required": gettext_lazy("Look at what goes and tick this.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (isinstance(self.obj, Teacher) and self.obj.user_id):
            del self.fields["account"]


def hand_over_act(*, when=is_there, menu=True, whose=themselves):
    """The act that makes the file with everything; its password is shown once.

    `whose(row)`: the person whose data it is, of a page that is about them.
    """

    @object_action(
        gettext_lazy("Hand over everything"),
        may=RIGHTS.asks("hand_over"),
        form=ReasonForm,
        when=when,
        menu=menu,
        confirmed=True,
        text=gettext_lazy(
            "One ZIP with all that is on record: readable as PDF, for programs as JSON, with the photos. "
            "It opens with a password that the next page shows once. Check who asks before you hand it "
            "over."
        ),
    )
    def hand_over(self, request, row, data):
        person = whose(row)
        job, password = handed_over.hand_over(person=person, by=request.user, **data)
        answer = TemplateResponse(
            request,
            "admin/trainees/handed_over.html",
            {
                **self.admin_site.each_context(request),
                "title": _("The password of the file"),
                "subtitle": name_of(person),
                "opts": self.opts,
                "original": row,
                "password": password,
                "job": job_address(job),
            },
        )
        answer["Cache-Control"] = "no-store"
        return answer

    return hand_over


def erase_act(*, when=is_there, menu=True, whose=themselves):
    """The act that erases somebody, after a page that says what goes and what stays; `whose` as above."""

    @object_action(
        gettext_lazy("Erase for good"),
        may=RIGHTS.asks("anonymise"),
        form=EraseForm,
        when=when,
        menu=menu,
        danger=True,
        confirmed=True,
        template="admin/trainees/erase.html",
        more=lambda row: {"preview": _preview(row, whose)},
    )
    def erase(self, request, row, data):
        person = whose(row)
        if has_no_record(person):
            services.erase_contact(person=person, reason=data["reason"], by=request.user)
        else:
            services.anonymise(
                person=person,
                reason=data["reason"],
                account=data.get("account", False),
                by=request.user,
            )
        self.message_user(request, _("The person was erased."))
        return HttpResponseRedirect(self.url("changelist"))

    return erase


def _preview(row, whose):
    try:
        person = whose(row)
    except Refusal as refusal:
        return ErasurePreview(refusals=[sentence_of(refusal)])
    if has_no_record(person):
        return services.preview_contact(person)
    return services.preview_erasure(person)


@object_action(
    gettext_lazy("Store only"),
    may=RIGHTS.asks("restrict"),
    form=ReasonForm,
    when=lambda trainee: is_there(trainee) and not trainee.restricted_at,
    menu=False,
    text=gettext_lazy(
        "For who disputes their data or objects to their use. From now on no name and no photo of theirs "
        "is shown, nobody calls or writes, and they stand in no list that is taken out. Courses go on, and "
        "it can be lifted at any time. The reason is kept in the access log."
    ),
)
def restrict(self, request, trainee, data):
    services.restrict(trainee=trainee, by=request.user, **data)
    return _("The data are stored only from now on.")


@object_action(
    gettext_lazy("Allow use again"),
    may=RIGHTS.asks("lift_restriction"),
    form=ReasonForm,
    when=lambda trainee: is_there(trainee) and trainee.restricted_at,
    menu=False,
    text=gettext_lazy("Names and photos show again as far as the person has agreed to it."),
)
def lift_restriction(self, request, trainee, data):
    services.lift_restriction(trainee=trainee, by=request.user, **data)
    return _("The data may be used again.")


# --- The tab --------------------------------------------------------------------------------------


def personal_data(self, request, trainee):
    """The requests of the person, and what can be done about them."""
    acts = [getattr(self, name) for name in PERSONAL_DATA_ACTS]
    found = [
        {
            "label": act.label,
            "text": TOLD[name],
            "danger": act.danger,
            "url": f"{self.url('act', trainee.pk, name)}?tab=personal_data",
        }
        for name, act in zip(PERSONAL_DATA_ACTS, acts, strict=True)
        if act.when(trainee) and act.may(request.user, trainee)
    ]
    requests = list(trainee.data_requests.order_by("-received_at", "-pk"))
    for one in requests:
        one.address = reverse("admin:exhibitions_enquiry_change", args=[one.pk])
    return {
        "acts_on_data": found,
        "requests": requests,
        "jobs": jobs_about(trainee, handed_over.KIND, request.user),
        "details": self.url("change", trainee.pk),
        "tag": tag,
    }


TOLD = {
    "hand_over": gettext_lazy("A file with all that is on record, with a password."),
    "restrict": gettext_lazy("Nothing is shown, sent or taken out any more; it can be lifted."),
    "lift_restriction": gettext_lazy("The data are stored only now."),
    "erase": gettext_lazy("A page first says what goes and what the law keeps."),
}
PERSONAL_DATA = Tab(
    "personal_data",
    gettext_lazy("Personal data"),
    personal_data,
    "admin/trainees/person_data.html",
    may=RIGHTS.asks("hand_over"),
)
