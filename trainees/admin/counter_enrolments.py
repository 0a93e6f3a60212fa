"""The counter for a kesin kayıt: staff give a seat to who stands before them."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin.extensions import say_after_act
from izmek.papers.answers import pdf_answer
from trainees import services
from trainees.admin.counter import CounterPages, contact_of, refuse
from trainees.admin.reconciliation import may_reconcile, tab_address
from trainees.enums import NoticeKind, Purpose
from trainees.forms.counter import NumberForm, SeatForm, kind_of
from trainees.forms.names import kind_of_number
from trainees.models import OutsideList
from trainees.papers.registration import registration_form

NUMBER_ALONE = gettext_lazy("Type the identity number alone, or the name alone.")
SEATED = gettext_lazy("This trainee is enrolled in this course already.")


class EnrolmentCounter(CounterPages):
    """The part of EnrolmentAdmin with which staff give a seat to who stands before them."""

    counter_act, own_act = "enrol_in_person", "withdraw"
    counter_title = gettext_lazy("New enrolment at the counter")
    counter_short = gettext_lazy("New enrolment")
    counter_submit = gettext_lazy("Make the enrolment")
    notice_kind = NoticeKind.REGISTRATION
    by_number = True
    purposes = tuple(Purpose)

    def _look_up(self, talk, text):
        if any(map(str.isalpha, text)):
            talk.person_error = NUMBER_ALONE
            return
        form = NumberForm({"identity_number": text})
        if not form.is_valid():
            talk.person_error = " ".join(form.errors["identity_number"])
            return
        try:
            talk.look_up(form.identity)
        except Refusal as refusal:
            talk.person_error = sentence_of(refusal)
        else:
            talk.note = _("This number is not on record: a new person.") if talk.new else ""

    def _hinders(self, refusal):
        return refusal.reason != "state"  # said of the course itself

    def _forms(self, talk, data=None):
        if not talk.known_who:
            return None, None
        known, number, sent = talk.person, None, talk.sent
        if talk.card is None and not hasattr(known, "identity"):
            number = NumberForm(data, initial={name: sent.get(name) for name in sent})
        if talk.card:
            kind = talk.card.identity["kind"]
        else:
            kind = kind_of_number(known) or kind_of(
                sent.get("identity_number", ""), sent.get("identity_country", "")
            )
        facts = contact_of(talk.application) if talk.application else talk.facts
        form = SeatForm(
            data,
            instance=known,
            course=talk.course,
            number_kind=kind,
            application=talk.application,
            initial=None if known else facts,
            earlier=services.answers_of(known) if known else None,
        )
        if talk.person and talk.course and self._is_seated(talk):
            talk.course_error = SEATED
        if data is None:
            if known and talk.application:  # asked which counts, where it differs from the record
                form.initial |= _differs(talk.application, known)
            form.show_typed(sent)
        return form, number

    def _save(self, request, talk):
        form, number = self._forms(talk, request.POST)
        if talk.course_error:
            return self._forms(talk)
        identity = talk.card and talk.card.identity
        if number is not None and number.is_valid():
            identity = number.identity
            if talk.person is None:
                try:
                    talk.look_up(identity)
                except Refusal as refusal:
                    number.add_error("identity_number", refusal.messages)
                else:
                    if talk.person:
                        talk.note = _("This number is on record. Is it this person? Then go on.")
                        return self._forms(talk)
                    form, number = self._forms(talk, request.POST)
        since = timezone.now()
        if form.is_valid() and (number is None or number.is_valid()):
            try:
                row = self._enrol(request, talk, form, identity)
            except ValidationError as refusal:
                refuse(form, number, refusal)
            else:
                say_after_act(request, since)
                name = f"admin:trainees_{row._meta.model_name}_counter_done"
                return HttpResponseRedirect(reverse(name, args=[row.pk]))
        return form, number

    def _is_seated(self, talk):
        seats = talk.course.enrolments.holding_seat()
        return talk.person is not None and seats.filter(trainee=talk.person).exists()

    def _enrol(self, request, talk, form, identity):
        data = form.cleaned_data
        return services.enrol_in_person(
            course=talk.course,
            trainee=form.trainee,
            changes=form.changes,
            identity=identity,
            guardian=form.guardian,
            support=data.get("support", ""),
            answers=form.answers,
            application=form.accepted,
            not_theirs=form.not_theirs,
            waiting="waiting" in request.POST,
            joined_on=data["joined_on"],
            override=data["override"],
            by=request.user,
        )

    def done_title(self, enrolment):
        return _("Enrolled: %(who)s") % {"who": enrolment.trainee}

    def done_facts(self, request, enrolment):
        trainee, application = enrolment.trainee, enrolment.application
        now = timezone.localtime()
        lessons = enrolment.course.sessions.taking_place().filter(date__gte=enrolment.joined_on)
        lessons = lessons.exclude(date=now.date(), begin__lt=now.time())
        asked = services.answers_of(trainee)
        return {
            "enrolment": enrolment,
            "reconciliation": self._reconciliation(request, enrolment.course),
            "address": trainee.email or (application.email if application else ""),
            "who": str(trainee),
            "first_lesson": lessons.order_by("date", "begin").first(),
            "unasked": [purpose.label for purpose, answer in asked.items() if answer is None],
        }

    def _reconciliation(self, request, course):
        """The tab from which one comes to enrol who stands in e-Yaygın alone, or ""."""
        there = OutsideList.objects.filter(course=course).exists()
        return tab_address(course.pk) if there and may_reconcile(request.user, course) else ""

    def _paper(self, request, enrolment):
        form = registration_form(course=enrolment.course, enrolments=[enrolment], by=request.user)
        log_access(Access.PRINTED, enrolment, by=request.user, fields=_("Registration form"))
        return pdf_answer(form, f"kesin-kayit-{enrolment.pk}")


def _differs(application, person):
    """What an application says that is not on record: phone, address, guardian."""
    contact = {name: getattr(application, name) for name in ("phone", "email")}
    new = {name: said for name, said in contact.items() if said and said != getattr(person, name)}
    return new | application.guardian
