"""The counter for an ön kayıt that staff take, mostly on the telephone."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.admin.extensions import say_after_act
from izmek.text.codes import new_code
from trainees import services
from trainees.admin.counter import TO_THE_LIST, CounterPages, contact_of, refuse
from trainees.enums import ApplicationState, NoticeKind
from trainees.forms.counter import KnownApplicantForm, NewApplicantForm
from trainees.forms.names import kind_of_number
from trainees.models import Application
from trainees.queries.people import ADULT
from trainees.rights import RIGHTS

NO_NUMBER_YET = gettext_lazy(
    "An identity number is not asked at ön kayıt, only at kesin kayıt. Search by name or phone."
)


class ApplicationCounter(CounterPages):
    """The part of ApplicationAdmin for an application that staff take, mostly on the telephone."""

    counter_act, own_act = "apply", "confirm_application"
    counter_title = gettext_lazy("New application by telephone or at the counter")
    counter_short = gettext_lazy("New application")
    counter_submit = gettext_lazy("Take the application")
    sheet_title = gettext_lazy("Application")
    notice_kind = NoticeKind.APPLICATION
    by_number = False
    purposes = NewApplicantForm.purposes

    def _look_up(self, talk, text):
        talk.person_error = NO_NUMBER_YET

    def _hinders(self, refusal):
        """Whether a rule of the seat is worth saying already: the queue is no hindrance here."""
        return refusal.reason not in (*TO_THE_LIST, "turn", "waits", "certified", "state")

    def _forms(self, talk, data=None):
        if not talk.known_who:
            return None, None
        if talk.person:
            form = KnownApplicantForm(
                data,
                instance=talk.person,
                course=talk.course,
                number_kind=kind_of_number(talk.person),
                earlier=services.answers_of(talk.person),
            )
        else:
            facts = contact_of(talk.application, "birth_year") if talk.application else talk.facts
            form = NewApplicantForm(data, initial=facts | {"reference": new_code()})
        if data is None:
            form.show_typed(talk.sent)
        return form, None

    def _save(self, request, talk):
        form, _number = self._forms(talk, request.POST)
        since = timezone.now()
        if form.is_valid():
            try:
                row = self._apply(request, talk, form)
            except ValidationError as refusal:
                refuse(form, None, refusal)
            else:
                say_after_act(request, since)
                return HttpResponseRedirect(self.url("counter_done", row.pk))
        return form, None

    def _apply(self, request, talk, form):
        whose = {"course": talk.course, "by": request.user}
        data = form.cleaned_data
        if talk.person is None:
            return services.apply(**whose, **form.request)
        whose |= {"trainee": form.trainee, "changes": form.changes, "answers": form.answers}
        if form.accepted:
            return services.enrol_in_person(**whose, application=form.accepted, waiting=True)
        return services.apply_in_person(
            **whose, already_certified=data["already_certified"], not_theirs=form.not_theirs
        )

    def _standing(self, talk, form):
        """The open applications for the course with this phone: what stands in the way, or is not meant."""
        who = talk.person or talk.application
        phone = getattr(form, "cleaned_data", {}).get("phone") or (who and who.phone)
        if not phone or talk.course is None:
            return []
        rows = RIGHTS.rows(talk.user, self.own_act, Application.objects.open())
        return list(rows.filter(course=talk.course, phone=phone).order_by("received_at", "pk"))

    def done_title(self, application):
        if application.state == ApplicationState.OFFERED:
            return _("Application taken: a seat is offered")
        if application.is_open:
            return _("Application taken: on the waiting list")
        return _("Application: %(state)s") % {"state": application.get_state_display()}

    def done_facts(self, request, application):
        place = Application.objects.with_position().values_list("position", flat=True)
        others = Application.objects.unconfirmed().filter(
            course=application.course, phone=application.phone
        )
        return {
            "application": application,
            "position": place.get(pk=application.pk),
            "address": application.email,
            "who": str(application),
            "young": timezone.localdate().year - application.birth_year <= ADULT,
            "others": list(others.exclude(pk=application.pk).order_by("received_at", "pk")),
        }

    def sheet_facts(self, application):
        return {"application": application}
