"""A trainee's seat as the teacher sees it: attendance, consents, form, and leaving."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from izmek.accounts.confirming import confirm
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal, sentence_of, show_refusal
from izmek.papers.answers import pdf_answer
from trainees.enums import EnrolmentState, NoticeKind, Purpose
from trainees.forms.consents import ConsentsForm
from trainees.forms.marks import outcome_text
from trainees.forms.seats import LeaveForm, NamesForm, TransferForm
from trainees.models import NoticeText
from trainees.papers.registration import registration_form
from trainees.services import (
    answers_of,
    correct_name,
    numbers_with_former_name,
    outcome_of,
    record_answers,
    see_support,
    transfer,
    withdraw,
)
from trainees.views.teacher_page import own_enrolment, page, sent, show_form, teacher_page, too_late


@teacher_page
@require_safe
def enrolment(request, pk):
    return _show(request, own_enrolment(request, pk))


@teacher_page
@require_POST
def support(request, pk):
    """The trainee's support need: shown to who says who they are; each look is logged (DOMAIN.md §5)."""
    found = own_enrolment(request, pk)
    confirm(request)
    try:
        support = see_support(trainee=found.trainee, by=request.user)
    except Refusal as refusal:
        messages.error(request, sentence_of(refusal))
        return redirect("teacher-enrolment", pk=found.pk)
    return _show(request, found, support=support)


def _show(request, found, support=None):
    trainee, course = found.trainee, found.course
    enrolled = found.state == EnrolmentState.ENROLLED
    context = {
        "enrolment": found,
        "trainee": trainee,
        "enrolled": enrolled,
        "guardians": trainee.guardians.all() if trainee.is_minor() else [],
        "absences": found.absences.counted().select_related("session").order_by("-session__date"),
        "outcome_text": _outcome_text(found) if enrolled and course.programme.module_based else "",
        "answers": _answers(trainee),
        "support": support,
        "continued": getattr(found, "continued_by", None),
    }
    return page(request, "teacher/seat.html", context, course=course)


def _outcome_text(found):
    missing = found.course.modules.count() - found.marks.count()
    return outcome_text(outcome_of(found), missing)


def _answers(trainee):
    """(the question, the latest answer or None), one for each purpose."""
    latest = answers_of(trainee)
    return [(purpose.label, latest[purpose]) for purpose in Purpose]


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def name(request, pk):
    """Mend a name that was typed wrongly."""
    found = own_enrolment(request, pk)
    form = NamesForm(sent(request), trainee=found.trainee)
    if form.is_valid():
        try:
            trainee = correct_name(trainee=found.trainee, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The name is corrected: %(who)s") % {"who": trainee})
            for number in numbers_with_former_name(trainee):
                sentence = _(
                    "Certificate %(number)s bears the former name. Ask the course centre to replace it."
                )
                messages.warning(request, sentence % {"number": number})
            return redirect("teacher-enrolment", pk=found.pk)
    return show_form(
        request,
        form,
        course=found.course,
        title=_("Correct the name"),
        lines=[_("Write it as on the identity card. The former name stays in the history.")],
        submit=_("Save"),
        back=reverse("teacher-enrolment", args=[found.pk]),
    )


# --- Consents ---------------------------------------------------------------------------------


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request, pk):
    """Record answers given on paper or in person; earlier answers are kept."""
    found = own_enrolment(request, pk)
    trainee = found.trainee
    form = ConsentsForm(sent(request), trainee=trainee, earlier=answers_of(trainee))
    if form.is_valid():
        try:
            record_answers(
                trainee=trainee,
                answers=form.answers,
                guardian=form.cleaned_data.get("guardian"),
                by=request.user,
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The answers are recorded."))
            return redirect("teacher-enrolment", pk=found.pk)
    context = {
        "enrolment": found,
        "form": form,
        "consent_notice": NoticeText.objects.current(NoticeKind.CONSENT),
    }
    status = 422 if form.errors else 200
    return page(request, "teacher/consents.html", context, course=found.course, status=status)


# --- The ways out -----------------------------------------------------------------------------


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, pk):
    """The trainee gives up the seat."""
    found = own_enrolment(request, pk)
    if back := _too_late(request, found):
        return back
    form = LeaveForm(sent(request))
    if form.is_valid():
        try:
            withdraw(enrolment=found, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(who)s has left the course.") % {"who": found.trainee})
            return redirect("teacher-course", pk=found.course_id)
    return show_form(
        request,
        form,
        course=found.course,
        title=_("Gives up the seat"),
        lines=[found.trainee, _("The seat is offered to whoever waits next.")],
        submit=_("End the enrolment of the trainee"),
        danger=True,
        back=reverse("teacher-enrolment", args=[found.pk]),
    )


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk):
    """Transfer the trainee to another course, by the same admission rules."""
    found = own_enrolment(request, pk)
    if found.state != EnrolmentState.CANCELLED and (back := _too_late(request, found)):
        return back
    form = TransferForm(sent(request), enrolment=found, user=request.user)
    if form.is_valid():
        try:
            transfer(enrolment=found, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("%(who)s now attends: %(course)s")
                % {"who": found.trainee, "course": form.cleaned_data["course"]},
            )
            return redirect("teacher-course", pk=found.course_id)
    return show_form(
        request,
        form,
        course=found.course,
        title=_("Transfer"),
        lines=[
            found.trainee,
            _("Within the same programme, missed hours and marks come along."),
        ],
        submit=_("Make the transfer"),
        back=reverse("teacher-enrolment", args=[found.pk]),
    )


def _too_late(request, found):
    """The way back, with the reason, when the seat cannot be left any more; or None."""
    seat = reverse("teacher-enrolment", args=[found.pk])
    if found.state == EnrolmentState.ENROLLED:
        return too_late(request, found.course, seat)
    state = {"state": found.get_state_display()}
    messages.error(request, _("This is not possible: the state is “%(state)s”.") % state)
    return redirect(seat)


# --- Paper ------------------------------------------------------------------------------------


@teacher_page
@require_safe
def form(request, pk):
    """The registration form (kesin kayıt formu) as PDF, to print and sign."""
    found = own_enrolment(request, pk)
    form = registration_form(course=found.course, enrolments=[found], by=request.user)
    log_access(Access.PRINTED, found, by=request.user, fields=_("Registration form"))
    return pdf_answer(form, f"kesin-kayit-{found.pk}")
