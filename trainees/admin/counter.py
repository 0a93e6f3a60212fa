"""The counter: staff type while somebody talks, on the telephone or before them.

One page each for an ön kayıt (counter_applications.py) and for a kesin kayıt (counter_enrolments.py):
who it is, which course, the rest. What is chosen so far travels with the form (counter_talk.py), so that
nothing typed is lost by choosing something else. Forms and services are those of the teacher's page
(trainees/views/registration.py).
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from courses.models import Course
from courses.services import who_teaches
from izmek.acts.audit import log_look
from izmek.acts.refusal import show_refusal
from izmek.text.names import NO_LAST_NAME
from izmek.text.phones import show
from izmek.text.search import typed
from trainees import services, wording
from trainees.admin.counter_search import find_courses, find_people, with_state
from trainees.admin.counter_talk import Talk, may_be_number
from trainees.enums import NoticeKind
from trainees.models import NoticeText
from trainees.rights import RIGHTS
from trainees.services import OVERRIDABLE
from trainees.wording import QUESTIONS, masked_name

TO_THE_LIST = ("full", "queue")  # refusals where the waiting list is the next step
ASKED_IN_FORM = ("education unknown", "guardian", "birth date")


class CounterPages:
    """The part of a ModelAdmin with its counter; what differs between both stands in the subclass.

    `counter_act`: the right on the course; `own_act`: on the row that was made. `counter_short`: the name
    of the page in links; `counter_submit`: what its button says. `by_number`: whether a number is asked;
    `purposes`: which consents, of somebody new.
    """

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_counter"
        return [
            path("counter/", self.guarded(self.counter_view), name=name),
            path("counter/search/", self.guarded(self.counter_search), name=f"{name}_search"),
            path("counter/notice/", self.guarded(self.notice_view), name=f"{name}_notice"),
            path("counter/<int:pk>/", self.guarded(self.done_view), name=f"{name}_done"),
            path("counter/<int:pk>/form/", self.guarded(self.form_view), name=f"{name}_form"),
            *super().get_urls(),
        ]

    # --- The page ---------------------------------------------------------------------------------

    def counter_view(self, request):
        """GET: `?course=`, `?person=`, `?application=` are chosen already. POST: the form, as it stands."""
        self._require(request)
        talk = Talk(request, self.counter_act)
        form = number = done = None
        if request.method == "POST":
            done = self._next_step(request, talk)
            if isinstance(done, HttpResponse):
                return done
        form, number = done or self._forms(talk)
        return self._show(request, talk, form, number)

    def _require(self, request):
        if not RIGHTS.may(request.user, self.counter_act):
            raise PermissionDenied

    def _next_step(self, request, talk):
        """What the pressed button asks for, or Enter: to look for what was typed, else to save.

        Returns an answer, or forms to show, or None.
        """
        sent = request.POST
        if "choose" in sent:
            return talk.choose(sent["choose"])
        at_once, _colon, course = sent.get("save", "").partition(":")
        if at_once == "course":  # chosen and saved by one button
            talk.take("course", course)
            if self._hindrances(talk):  # not shown yet
                return None
        if not talk.known_who and talk.who:
            self._look_for_person(talk)
        if talk.course is None and talk.which:
            talk.look_for_course()
        if (talk.who or talk.which) and "save" not in sent and "waiting" not in sent:
            return None
        if not talk.known_who and not talk.people:
            talk.person_error = talk.person_error or _("Type a name or a phone.")
        if talk.course is None and not talk.courses:
            talk.course_error = talk.course_error or _("Choose the course.")
        if talk.known_who and talk.course:
            return self._save(request, talk)
        return None

    def _look_for_person(self, talk):
        if may_be_number(talk.who):
            self._look_up(talk, talk.who)
        else:
            talk.look_for_person()

    def _show(self, request, talk, form, number):
        """The page, with the forms as they stand; 422 when something has to be mended."""
        in_the_way = self._hindrances(talk) if not (form and form.errors) else []
        refused = getattr(form, "refused", "")
        reasons = [one.reason for one in in_the_way] + [refused]
        course = talk.course
        if form and course and not form.is_bound:
            self._begin_with(talk, form, number)
        wrong = [one.errors for one in (form, number) if one is not None and one.is_bound]
        context = {
            **self.admin_site.each_context(request),
            "title": self.counter_title,
            "opts": self.opts,
            "media": self.media,
            "talk": talk,
            "standing": self._standing(talk, form),
            "form": form,
            "number": number,
            "card": talk.card.sealed(request.user) if talk.card else "",
            "name": self._name(talk),
            "submit": self.counter_submit,
            "in_the_way": [
                {"text": " ".join(one.messages), "officer": one.reason in OVERRIDABLE}
                for one in in_the_way
            ],
            "to_the_list": any(reason in TO_THE_LIST for reason in reasons),
            "by_exception": any(reason in OVERRIDABLE for reason in reasons),
            "closed": course and services.closed_to_all(course=course),
            "facts": course and _facts(course),
            "conditions": wording.conditions(course) if course and course.total_hours else (),
            "notice": NoticeText.objects.current(self.notice_kind),
            "consent_notice": NoticeText.objects.current(NoticeKind.CONSENT),
            "search": self.url("counter_search"),
            "is_ready": _is_ready(form, number),
            "notice_url": self.url("counter_notice"),
            "by_number": self.by_number,
            "errors": _error_list(talk, form, number),
        }
        found_wrong = any(wrong) or talk.person_error or talk.course_error
        answer = TemplateResponse(
            request,
            "admin/trainees/counter.html",
            context,
            status=422 if found_wrong else 200,
        )
        return _kept_by_nobody(answer)

    def _begin_with(self, talk, form, number):
        """Say which phone and address are on record, and put the focus into the first field."""
        for name, shown in (("phone", show), ("email", str)):
            recorded = talk.person and talk.sees_person and getattr(talk.person, name)
            if name in form.fields and recorded:
                form.fields[name].help_text = _(
                    "On record: %(value)s. Leave it empty unless it has changed."
                ) % {"value": shown(recorded)}
        first = next(iter(number)) if number else form.first_fields[0]
        first.field.widget.attrs["autofocus"] = True

    def _name(self, talk):
        """Who is chosen: in full for whom the user sees, else only enough to recognise them."""
        if talk.person is None:
            return str(talk.application or "")
        return str(talk.person) if talk.sees_person else masked_name(talk.person)

    def _standing(self, talk, form):
        return []

    def _hindrances(self, talk):
        """The admission rules that will refuse, shown before anything is typed."""
        if talk.person is None or talk.course is None or talk.person.birth_date is None:
            return []
        found = services.hindrances(
            trainee=talk.person, course=talk.course, application=talk.application
        )
        return [one for one in found if one.reason not in ASKED_IN_FORM and self._hinders(one)]

    # --- What it looks for while one types ----------------------------------------------------------

    def counter_search(self, request):
        """The people or courses that fit what is typed, as buttons for the form (static/js/search.js)."""
        self._require(request)
        if request.method != "POST":
            raise Http404
        context = {
            "by_number": self.by_number,
            "submit": self.counter_submit,
            "is_ready": "ready" in request.GET,
        }
        asked = {"user": request.user, "act": self.counter_act}
        if "which" in request.POST:
            context["courses"] = find_courses(typed(request.POST["which"])[0], **asked)
        else:
            text, _shortened = typed(request.POST.get("who", ""))
            if may_be_number(text):
                context["number"] = True
            else:
                context["people"] = find_people(text, **asked)
        return _kept_by_nobody(
            TemplateResponse(request, "admin/trainees/_counter_found.html", context)
        )

    # --- Afterwards -------------------------------------------------------------------------------

    def done_view(self, request, pk):
        """What happened, what to tell the person, and what comes next."""
        row = self._own(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": self.done_title(row),
            "opts": self.opts,
            "row": row,
            "course": row.course,
            "facts": _facts(row.course),
            "again": f"{self.url('counter')}?course={row.course_id}",
            "other": self.url("counter"),
            "form_url": self.url("counter_form", row.pk),
            "counter_short": self.counter_short,
            **self.done_facts(request, row),
        }
        return _kept_by_nobody(
            TemplateResponse(request, "admin/trainees/counter_done.html", context)
        )

    def form_view(self, request, pk):
        """The form to print and sign, or what an applicant takes home."""
        return self._paper(request, self._own(request, pk))

    def _paper(self, request, row):
        return self._sheet(request, row=row, course=row.course, **self.sheet_facts(row))

    def notice_view(self, request):
        """The notice and the questions of the consents, to hand over and sign."""
        self._require(request)
        return self._sheet(request)

    def _sheet(self, request, **facts):
        context = {
            **self.admin_site.each_context(request),
            "title": self.sheet_title if facts else _("To hand over"),
            "opts": self.opts,
            "notice": NoticeText.objects.current(self.notice_kind),
            "consent_notice": NoticeText.objects.current(NoticeKind.CONSENT),
            "questions": [QUESTIONS[purpose] for purpose in self.purposes],
            "back": request.headers.get("Referer", ""),
            **facts,
        }
        return _kept_by_nobody(
            TemplateResponse(request, "admin/trainees/counter_sheet.html", context)
        )

    def _own(self, request, pk):
        self._require(request)
        rows = RIGHTS.rows(request.user, self.own_act, self.model.objects.all())
        courses = Course.objects.all()
        row = get_object_or_404(rows.select_related("trainee__neighbourhood"), pk=pk)
        log_look(row, by=request.user)
        row.course = with_state(courses).get(pk=row.course_id)
        return row


def _facts(course):
    slots = course.slots.all()
    return wording.course_facts(course, slots=slots, teacher=str(who_teaches(course) or ""))


def _kept_by_nobody(answer):
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def _is_ready(form, number):
    """Whether nothing else has to be typed: of somebody on record, of whom nothing is missing."""
    if form is None or number is not None or not form.of_known:
        return False
    if form.asks_guardian and form.guardian_open:
        return False
    return all(field.value() or not field.field.required for field in form)


def _error_list(talk, form, number):
    """[(what, sentence, id of the input)] of everything that is wrong, in the order of the page."""
    found = [
        (_("Who is it?"), talk.person_error, "who"),
        (_("Course"), talk.course_error, "" if talk.course else "which"),
    ]
    for one in (number, form):
        if one is None or not one.is_bound:
            continue
        found += [("", error, "") for error in one.non_field_errors()]
        for bound in one:
            target = bound.id_for_label or f"{bound.auto_id}_0"
            found += [(bound.label, error, target) for error in bound.errors]
    return [line for line in found if line[1]]


# --- What both need to save ----------------------------------------------------------------


def contact_of(application, *more):
    """What somebody wrote when they applied, for the form."""
    names = ("first_name", "phone", "email", *more)
    facts = {name: getattr(application, name) for name in names}
    return facts | application.guardian | {"last_name": application.last_name or NO_LAST_NAME}


def refuse(form, number, refusal):
    """Show a refusal at its field; `refused` is its code."""
    form.refused = getattr(refusal, "reason", "")
    if hasattr(form, "ask_if_similar"):
        form.ask_if_similar(refusal)
    if number is not None and "identity_number" in getattr(refusal, "error_dict", {}):
        number.add_error("identity_number", refusal.messages)
    else:
        show_refusal(form, refusal)
