"""The page of a person: who it is, what is missing, seats, applications, consents, letters, calls.

Each tab is a page of the desk (izmek/admin/desk.py); apps above add theirs in `admin/extensions.py`.
"""

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import (
    Exists,
    OuterRef,
    Q,
    Subquery,
    prefetch_related_objects,
)
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import CourseState
from courses.models import Course
from izmek.acts.rules import holds
from izmek.admin import FORM, HISTORY, Desk, Fact, Head, Tab, Tag, visible
from izmek.admin.history import Told
from izmek.admin.masking import is_masked, mask, masked_for
from izmek.admin.scope import admin_of, is_key
from izmek.admin.versions import rows_in_history
from izmek.models import Letter
from izmek.privacy.record import masks_of
from izmek.text.phones import show, tel_uri
from trainees import services, wording
from trainees.admin.calls import keys_sent, note_answer
from trainees.admin.person_looks import looks, may_see_looks
from trainees.admin.personal_data import PERSONAL_DATA, stored_only
from trainees.enums import CallAnswer, EnrolmentState, Purpose
from trainees.models import Application, Call, CallAttempt, Consent, Enrolment, SupportNeed
from trainees.models.calls import phones_of
from trainees.queries.applications import UNTOLD
from trainees.rights import RIGHTS

FEW = 5  # rows of a table on the first tab
ON_A_PAGE = 50

# What mends what is missing: an act of the person's page, or a part of the form.
MENDED_BY = {
    "number": "record_identity",
    "consent": "ask_consents",
    "guardian": "#guardians-group",
    "permission": "#guardians-group",
    "birth date": "#id_birth_date",
    "phone": "#id_phone",
    "guardian phone": "#guardians-group",
    "e-mail": "#id_email",
    "education": "#id_education",
}
# What the one blue button says for a part of the form. Who has no e-mail address is called: no step.
MENDING = {
    "guardian": gettext_lazy("Enter the guardian"),
    "permission": gettext_lazy("Enter the guardian’s permission"),
    "birth date": gettext_lazy("Enter the date of birth"),
    "phone": gettext_lazy("Enter the phone"),
    "guardian phone": gettext_lazy("Enter the guardian’s phone"),
    "education": gettext_lazy("Enter the education"),
}


# --- Rows of the person ---------------------------------------------------------------------------


def _read(request, model):
    """The rows of a model that the user sees, masked as in its list."""
    return masked_for(request.user, visible(model, request.user))


def seats_of(request, trainee):
    rows = _read(request, Enrolment).filter(trainee=trainee).with_attendance()
    rows = rows.select_related("course__programme", "course__centre", "course__term__year")
    found = list(rows.order_by("-joined_on", "-pk"))
    for seat in found:
        seat.trainee = trainee
        seat.tag = Tag(*wording.seat_status(seat))
        seat.is_current = (
            seat.state == EnrolmentState.ENROLLED and seat.course.state in CourseState.enrolling()
        )
    return found


def _with_acts(request, seats):
    """The seats with what is most often done with them; the rest is on the page of the seat."""
    buttons = admin_of(admin.site, Enrolment).buttons_in_list(request, seats)
    for seat in seats:
        seat.acts = [one for one in buttons[seat.pk] if one["action"] in ("transfer", "wait")]
    return seats


def applications_of(request, trainee):
    rows = _read(request, Application).filter(trainee=trainee).with_position()
    rows = rows.select_related("course__programme", "course__centre")
    found = list(rows.order_by("-received_at", "-pk"))
    for application in found:
        application.tag = Tag(*wording.standing(application))
    return found


def consents_of(trainee):
    """[(purpose, the last answer or None, whether it is a yes that counts today)]."""
    counts = {purpose.name: Consent.objects.holds(purpose, trainee="pk") for purpose in Purpose}
    valid = type(trainee)._base_manager.filter(pk=trainee.pk).values(**counts)[0]
    answers = services.answers_of(trainee)
    return [(purpose, answers[purpose], valid[purpose.name]) for purpose in Purpose]


def keys_of(request, trainee):
    """(keys of the seats, keys of the applications) of the person that the user sees."""
    return [
        list(visible(model, request.user).filter(trainee=trainee).values_list("pk", flat=True))
        for model in (Enrolment, Application)
    ]


def is_untold(application):
    """Whether it has an offer of which somebody has to tell the applicant by telephone."""
    return application.is_open and holds(UNTOLD, application)


def calls_of(request, seats, applications):
    """The calls about these seats and applications, rows or keys, newest first."""
    about = Q(enrolment__in=seats) | Q(application__in=applications)
    rows = _read(request, Call).filter(about)
    rows = rows.select_related("course__programme", "course__centre", "done_by")
    return list(rows.order_by("-created_at", "-pk"))


def waits_for(user):
    """What waits for somebody to do it with a person, as far as the user sees it: annotations of trainees.

    `to_tell`: whether there is something to say by telephone; `offer`: the key of the application with a
    seat that is kept; `attends`: whether a course now.
    """
    whose = OuterRef("pk")
    applied = visible(Application, user).filter(trainee=whose).order_by()
    calls = visible(Call, user).open().order_by()
    seats = visible(Enrolment, user).filter(
        trainee=whose,
        state=EnrolmentState.ENROLLED,
        course__state__in=CourseState.enrolling(),
    )
    return {
        "to_tell": Exists(applied.filter(UNTOLD))
        | Exists(calls.filter(enrolment__trainee=whose))
        | Exists(calls.filter(application__trainee=whose)),
        "offer": Subquery(applied.live_offers().order_by("offer_until", "pk").values("pk")[:1]),
        "attends": Exists(seats.order_by()),
    }


def letters_about(seats, applications):
    """The letters about the seats and applications with these keys, newest first."""
    about = Q(pk__in=[])
    for model, keys in ((Enrolment, seats), (Application, applications)):
        kind = ContentType.objects.get_for_model(model)
        about |= Q(content_type=kind, object_id__in=[str(key) for key in keys])
    return Letter.objects.filter(about).order_by("-created_at", "-pk")


# --- Tabs -----------------------------------------------------------------------------------------


def summary(self, request, trainee):
    """What somebody needs who has the person on the telephone; POST notes that a call was made."""
    if request.method == "POST":
        return _answered(self, request, trainee)
    seats, applications = seats_of(request, trainee), applications_of(request, trainee)
    current = [seat for seat in seats if seat.is_current]
    shown = _with_acts(request, (current or seats)[:FEW])
    consents = consents_of(trainee)
    answers = {purpose: answer for purpose, answer, _valid in consents}
    return {
        "missing": self.missing(request, trainee, answers, attends=bool(current)),
        "seats": shown,
        "are_current": bool(current),
        "more_seats": len(seats) - len(shown),
        "applications": [one for one in applications if one.is_open][:FEW],
        "consents": consents,
        "calls": [call for call in calls_of(request, seats, applications) if call.done_at is None],
        "untold": [one for one in applications if is_untold(one)],
        "phones": [] if is_masked(trainee) else phones_of(trainee),
        "answers": CallAnswer.of_a_call(),
        "may_answer": not is_masked(trainee) and RIGHTS.may(request.user, "answer_calls"),
    }


def _answered(self, request, trainee):
    """What came of a call about all that the page named; who was reached has been told it."""
    if is_masked(trainee):  # who only reads calls nobody
        raise PermissionDenied
    keys = keys_sent(request.POST.getlist("about"))
    applications = applications_of(request, trainee)
    calls = calls_of(request, *keys_of(request, trainee))
    note_answer(
        self,
        request,
        [trainee],
        calls=[one for one in calls if one.done_at is None and one.pk in keys["call"]],
        offers=[one for one in applications if one.pk in keys["offer"] and is_untold(one)],
    )
    return HttpResponseRedirect(self.url("summary", trainee.pk))


def seats(self, request, trainee):
    """Every seat and every application."""
    found = _with_acts(request, seats_of(request, trainee))
    prefetch_related_objects(found, "marks__module", "certificates")
    for certificate in (one for seat in found for one in seat.certificates.all()):
        certificate.has_former_name = services.has_former_name(certificate, trainee)
    return {
        "seats": found,
        "applications": applications_of(request, trainee),
        "may_print_certificates": RIGHTS.may(request.user, "print_certificates"),
    }


def consents(self, request, trainee):
    """The consents as they stand, and every answer so far."""
    rows = trainee.consents.select_related("guardian", "notice", "by").order_by("-pk")
    return {
        "consents": consents_of(trainee),
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("p")),
        "record": self.url("act", trainee.pk, "record_consent"),
        "may_record": not is_masked(trainee) and self.record_consent.may(request.user),
    }


def contacts(self, request, trainee):
    """The letters that were written, and the calls."""
    keys = keys_of(request, trainee)
    page = Paginator(letters_about(*keys), ON_A_PAGE).get_page(request.GET.get("p"))
    if is_masked(trainee):
        for letter in page:
            mask(letter)
    attempts = CallAttempt.objects.filter(Q(trainee=trainee) | Q(application__in=keys[1]))
    attempts = attempts.select_related("by").order_by("-at", "-pk")
    attempts = list(attempts[:ON_A_PAGE])
    if is_masked(trainee):
        for attempt in attempts:
            mask(attempt)
    return {"page": page, "calls": calls_of(request, *keys), "attempts": attempts}


class PersonDesk(Desk):
    """The part of TraineeAdmin that shows a trainee as a person."""

    tabs = (
        Tab("summary", gettext_lazy("Summary"), summary, "admin/trainees/person_summary.html"),
        Tab("seats", gettext_lazy("Enrolments"), seats, "admin/trainees/person_seats.html"),
        Tab(
            "consents",
            gettext_lazy("Consents on record"),
            consents,
            "admin/trainees/person_consents.html",
        ),
        Tab(
            "contacts",
            gettext_lazy("Letters and calls"),
            contacts,
            "admin/trainees/person_contacts.html",
        ),
        Tab(
            "looks",
            gettext_lazy("Who saw it"),
            looks,
            "admin/trainees/person_looks.html",
            may=may_see_looks,
        ),
        PERSONAL_DATA,
        FORM,
        HISTORY,
    )

    # --- A record that was merged leads to the one that stays -----------------------------------

    def change_view(self, request, object_id, *args, **kwargs):
        return self._led_on(super().change_view, request, object_id, *args, **kwargs)

    def history_view(self, request, object_id, *args, **kwargs):
        return self._led_on(super().history_view, request, object_id, *args, **kwargs)

    def desk_view(self, request, object_id):
        return self._led_on(super().desk_view, request, object_id)

    def tab_view(self, request, object_id, *args, **kwargs):
        return self._led_on(super().tab_view, request, object_id, *args, **kwargs)

    def _led_on(self, view, request, object_id, *args, **kwargs):
        try:
            return view(request, object_id, *args, **kwargs)
        except Http404:
            if request.method != "GET" or not is_key(self.model, object_id):
                raise
            kept = self.model.everyone.filter(pk=object_id).values("merged_into")
            now = self.seen(request).filter(pk__in=kept).first()
            if now is None:
                raise
            self.message_user(
                request,
                _("Record %(key)s was merged: it is this person.") % {"key": object_id},
                messages.INFO,
            )
            return HttpResponseRedirect(self.url("desk", now.pk))

    # --- What is shown ---------------------------------------------------------------------------

    def with_shown(self, request, rows):
        rows = super().with_shown(request, rows).select_related("neighbourhood", "identity")
        needs = SupportNeed.objects.filter(trainee=OuterRef("pk"))
        return rows.annotate(needs_support=Exists(needs))

    def get_queryset(self, request):
        """With what waits: of the one row of a page, which a list never asks."""
        return super().get_queryset(request).annotate(**waits_for(request.user))

    def guardians(self, trainee):
        """The trainee's guardians, read once for a page; masked like the trainee."""
        if "guardians" not in trainee.__dict__.get("_prefetched_objects_cache", {}):
            prefetch_related_objects([trainee], "guardians")
            if is_masked(trainee):
                for one in trainee.guardians.all():
                    mask(one)
        return list(trainee.guardians.all())

    def head(self, request, trainee):
        guardians = self.guardians(trainee)
        born = trainee.birth_date
        if born and not is_masked(trainee):
            born = _("%(year)d, age %(age)d") % {"year": born.year, "age": trainee.age()}
        minor = not is_masked(trainee) and trainee.birth_date and trainee.is_minor()
        facts = [
            Fact(_("born"), born),
            Fact(_("phone"), show(trainee.phone), tel_uri(trainee.phone)),
            Fact(
                _("e-mail"),
                trainee.email,
                "" if is_masked(trainee) else f"mailto:{trainee.email}",
            ),
            Fact(_("neighbourhood"), str(trainee.neighbourhood or "")),
            Fact(_("education"), trainee.get_education_display()),
            Fact(_("identity number"), trainee.masked_number),
            Fact(
                _("support"),
                _("needs support") if trainee.needs_support else _("needs no support"),
            ),
        ]
        if guardians and (minor or not trainee.phone):
            for one in guardians:
                facts.append(
                    Fact(
                        _("guardian"),
                        f"{one.name} ({one.relation}) {show(one.phone)}".strip(),
                        tel_uri(one.phone),
                    )
                )
        return Head(
            title=str(trainee) or _("Erased person"),
            tag=Tag(_("under 18"), "last") if minor else None,
            facts=facts,
            notes=[stored_only(trainee)] if trainee.restricted_at else [],
        )

    def next_step(self, request, trainee, buttons):
        """What comes next with this person: to be told, to be enrolled, to be completed, a new course."""
        if is_masked(trainee) or trainee.anonymised_at or not self.has_change_permission(request):
            return None
        if trainee.to_tell and RIGHTS.may(request.user, "answer_calls"):
            address = f"{self.url('summary', trainee.pk)}#to-call"
            return {"label": _("Call and note the answer"), "url": address}
        acts = {button["action"]: button for button in buttons}
        if trainee.offer and "enrol" in acts:
            address = f"{reverse('admin:trainees_enrolment_counter')}?application={trainee.offer}"
            return {"label": _("Enrol: a seat is kept"), "url": address}
        answers = services.answers_of(trainee) if trainee.attends else {}
        for one in self.lacks(trainee, answers, attends=trainee.attends):
            if MENDED_BY[one.what] in acts:
                return acts[MENDED_BY[one.what]]
            if one.what in MENDING:
                address = self._mends(request, trainee, one.what)
                return {"label": MENDING[one.what], "url": address}
        return acts.get("enrol")

    def told_in_history(self, request, trainee):
        """With the person's seats and applications, as far as the user sees these."""
        yield from super().told_in_history(request, trainee)
        seen = Course.objects.with_people_seen_by(request.user).values("pk")
        for model in (Enrolment, Application):
            yield Told(
                rows_in_history(model, trainee=trainee.pk, course__in=seen),
                masked=masks_of(model) if is_masked(trainee) else None,
                name=lambda row: str(row.course),
            )

    def missing(self, request, trainee, answers, *, attends):
        """[(sentence, address where it is mended or "")]: what the record lacks."""
        if is_masked(trainee) or trainee.anonymised_at:
            return []
        found = self.lacks(trainee, answers, attends=attends)
        return [(one.sentence, self._mends(request, trainee, one.what)) for one in found]

    def lacks(self, trainee, answers, *, attends):
        guardians = self.guardians(trainee)
        return services.missing(
            trainee=trainee, guardians=guardians, answers=answers, attends=attends
        )

    def _mends(self, request, trainee, what):
        if not self.has_change_permission(request):
            return ""
        where = MENDED_BY[what]
        if where.startswith("#"):
            return f"{self.url('change', trainee.pk)}{where}"
        return f"{self.url('act', trainee.pk, where)}?tab=summary"
