"""Kesin kayıt by the teacher: identity card, person, done. For a known person little is typed.

The identity number is in no URL. Between the two pages it is kept encrypted in the session, under a
code that is in the URL of the second page. So two tabs can enrol two people.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from izmek.acts.refusal import Refusal, show_refusal
from izmek.secrets.encryption import Unreadable, decrypt, encrypt
from izmek.secrets.identity import mask
from izmek.text.codes import new_code, row_key
from izmek.text.names import NO_LAST_NAME
from trainees.enums import ApplicationState, NoticeKind
from trainees.forms.registration import IdentityForm, PersonForm
from trainees.models import NoticeText, Trainee
from trainees.services import (
    OVERRIDABLE,
    answers_of,
    closed_to_all,
    enrol_in_person,
    find_by_identity,
    hindrances,
)
from trainees.views.teacher_page import own_course, page, sent, teacher_page
from trainees.wording import masked_name

DRAFTS = "enrol"  # in the session: {code: {course, token, kind, trainee, application, done}}
MOST_DRAFTS = 12
TO_THE_LIST = ("full", "queue")  # refusals where the waiting list is the next step
# the texts of these refusals say already what to do
ASK_OFFICER = OVERRIDABLE - {*TO_THE_LIST, "turn"}


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request, pk):
    """First page: the number on the card. `?basvuru=` names the application behind the enrolment."""
    course = own_course(request, pk)
    if refusal := closed_to_all(course=course):
        return page(
            request, "teacher/registration.html", {"refusal": refusal.messages[0]}, course=course
        )
    asked = request.GET.get("basvuru", "")
    application = _application(course, row_key(asked))
    if asked and (application is None or not application.is_open):
        return _no_seat(request, course)
    form = IdentityForm(sent(request))
    known = _look_up(form, request.user) if form.is_valid() else None
    if form.is_valid():
        number = form.cleaned_data["number"]
        if known and known.enrolments.holding_seat().filter(course=course).exists():
            messages.info(request, _("This trainee is enrolled in this course already."))
            return redirect("teacher-enrolment", pk=known.enrolments.get(course=course).pk)
        code = new_code()
        _keep(
            request,
            code,
            course=course.pk,
            token=encrypt(number),
            kind=form.kind.value,
            trainee=known and known.pk,
            application=application and application.pk,
        )
        return redirect("teacher-enrol-person", pk=course.pk, code=code)
    context = {"form": form, "application": application}
    return page(
        request,
        "teacher/registration.html",
        context,
        course=course,
        status=422 if form.errors else 200,
    )


def _look_up(form, user):
    """The trainee with the number on the card, or None; too many look-ups are an error of the form."""
    try:
        return find_by_identity(kind=form.kind, number=form.cleaned_data["number"], by=user)
    except Refusal as refusal:
        form.add_error("number", refusal.messages)
        return None


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, pk, code):
    """Second page: personal data, the notice, the consents; at the end the seat."""
    course = own_course(request, pk)
    draft = request.session.get(DRAFTS, {}).get(code, {})
    if draft.get("course") != course.pk:
        return redirect("teacher-enrol", pk=course.pk)
    if "done" in draft:  # sent twice, or the Back button after the end
        name, row = draft["done"]
        return redirect(name, pk=row)
    if closed_to_all(course=course):  # check before anything is typed
        return redirect("teacher-enrol", pk=course.pk)
    try:
        number = decrypt(draft["token"])
    except Unreadable:
        return redirect("teacher-enrol", pk=course.pk)
    known = draft["trainee"] and Trainee.objects.filter(pk=draft["trainee"]).first()
    application = _application(course, draft["application"])
    if draft["application"] and (application is None or not application.is_open):
        return _no_seat(request, course)
    form = PersonForm(
        sent(request),
        instance=known,
        course=course,
        number_kind=draft["kind"],
        application=application,
        initial=_from_application(application) if application and not known else None,
        earlier=answers_of(known) if known else None,
    )
    to_the_list = False
    if form.is_valid():
        try:
            row = _act(request, form, course, {"kind": draft["kind"], "number": number})
        except ValidationError as refusal:
            to_the_list = getattr(refusal, "reason", "") in TO_THE_LIST
            show_refusal(form, refusal)
            if getattr(refusal, "reason", "") in ASK_OFFICER:
                form.add_error(
                    None, _("The officer of the course centre can allow it, with a reason.")
                )
        else:
            return _done(request, code, course, row)
    in_the_way = [] if form.errors else _hindrances(known, course, application)
    to_the_list = to_the_list or any(one.reason in TO_THE_LIST for one in in_the_way)
    context = {
        "form": form,
        "known": known,
        "number": mask(number),
        "name": _name_for(request.user, known),
        "application": application,
        "notice": NoticeText.objects.current(NoticeKind.REGISTRATION),
        "consent_notice": NoticeText.objects.current(NoticeKind.CONSENT),
        "hindrances": [
            {"text": " ".join(one.messages), "officer": one.reason in ASK_OFFICER}
            for one in in_the_way
        ],
        "to_the_list": to_the_list,
    }
    status = 422 if form.errors else 200
    return page(request, "teacher/registration_person.html", context, course=course, status=status)


def _act(request, form, course, identity):
    return enrol_in_person(
        course=course,
        trainee=form.trainee,
        changes=form.changes,
        identity=identity,
        guardian=form.guardian,
        support=form.cleaned_data.get("support", ""),
        answers=form.answers,
        application=form.accepted,
        not_theirs=form.not_theirs,
        waiting="waiting" in request.POST,
        by=request.user,
    )


def _no_seat(request, course):
    """Say so before anything is typed."""
    messages.error(
        request, _("This application gives no seat any more. Look at the list of the course.")
    )
    return redirect("teacher-course", pk=course.pk)


def _done(request, code, course, row):
    if "waiting" in request.POST:
        messages.success(request, _("%(who)s is on the waiting list.") % {"who": row})
        end = ("teacher-course", course.pk)
    else:
        messages.success(request, _("%(who)s is enrolled.") % {"who": row.trainee})
        end = ("teacher-enrolment", row.pk)
    _keep(request, code, course=course.pk, done=end)
    return redirect(end[0], pk=end[1])


def _keep(request, code, **draft):
    """Keep the state of an enrolment in the session; the oldest ones are dropped."""
    drafts = request.session.get(DRAFTS, {})
    drafts.pop(code, None)
    kept = list(drafts.items())[1 - MOST_DRAFTS :]
    request.session[DRAFTS] = dict([*kept, (code, draft)])


def _application(course, pk):
    """The course's application that leads to this enrolment, while it is open; else None."""
    if not pk:
        return None
    return course.applications.filter(pk=pk, state__in=ApplicationState.open()).first()


def _from_application(application):
    typed = {name: getattr(application, name) for name in ("first_name", "phone", "email")}
    return typed | application.guardian | {"last_name": application.last_name or NO_LAST_NAME}


def _hindrances(known, course, application):
    """The admission rules that will refuse, shown before anything is typed."""
    if known is None or known.birth_date is None:
        return []
    found = hindrances(trainee=known, course=course, application=application)
    missing = ("education unknown", "guardian")  # the form asks for these
    return [one for one in found if one.reason not in missing]


def _name_for(user, trainee):
    """A known person's name: in full for their own teacher, else only enough to recognise them."""
    if trainee is None:
        return ""
    visible = Trainee.objects.visible_to(user).filter(pk=trainee.pk).exists()
    return str(trainee) if visible else masked_name(trainee)
