"""Works in the teacher pages: data, makers, photos, submitting."""

import re
from contextlib import nullcontext

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Course
from exhibitions.enums import WorkState
from exhibitions.forms.sales import SaleForm
from exhibitions.forms.works import PhotoTextForm, WorkForm, roster_of, written_in
from exhibitions.models import Work
from exhibitions.services import (
    MOST_PHOTOS,
    add_photo,
    delete_photo,
    describe_photo,
    hand_in_work,
    save_work,
    sell_work,
    undo_sale,
    withdraw_work,
)
from exhibitions.views.sent_photos import SentPhoto
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Conflict, Refusal, sentence_of, show_refusal
from izmek.text.codes import new_code, read_code
from trainees.forms.lessons import CancelForm
from trainees.views.teacher_page import (
    own_course,
    page,
    refused,
    sent,
    show_form,
    teacher_page,
    wants_json,
)


@teacher_page
@require_safe
def works(request, pk):
    """The works of a course, returned ones first."""
    course = own_course(request, pk)
    rows = course.works.exclude(state=WorkState.WITHDRAWN).prefetch_related(
        "photos", "makers__trainee", "makers__teacher"
    )
    order = list(WorkState).index
    rows = sorted(rows, key=lambda row: (row.state != WorkState.RETURNED, order(row.state), row.pk))
    return page(request, "teacher/own_works.html", {"works": rows}, course=course)


@teacher_page
@require_safe
def hand_in_list(request, pk):
    """The list to sign when works are handed in and given back."""
    course = own_course(request, pk)
    rows = course.works.exclude(state=WorkState.WITHDRAWN).select_related("technique")
    rows = rows.prefetch_related("makers__trainee", "makers__teacher").order_by("number", "pk")
    if rows:
        log_access(Access.PRINTED, course, by=request.user, fields=_("Hand-in list"))
    return page(request, "teacher/hand_in_list.html", {"works": rows}, course=course)


# --- The work ---------------------------------------------------------------------------------


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, pk):
    """Begin a work. The form has the reference of the new row, so sending it twice makes one work."""
    course = own_course(request, pk)
    work = Work(course=course)
    work.fill_from_course()
    form = _form(request, work)
    reference = read_code(request.POST.get("reference", "")) or new_code()
    if form.is_valid() and (saved := _saved(request, form, reference=reference)):
        messages.success(request, _("The work is saved. Now add photos."))
        return redirect(reverse("teacher-work", args=[saved.pk]) + "#fotograflar")
    context = {"form": form, "work": work, "reference": reference}
    status = 422 if form.errors else 200
    return page(request, "teacher/own_work_new.html", context, course=course, status=status)


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def work(request, pk):
    """A work with its photos; as a form while the teacher can still edit it."""
    with transaction.atomic() if request.method == "POST" else nullcontext():
        found = _own_work(request, pk, to_change=request.method == "POST")
        if found.state not in WorkState.with_teacher():
            return _show(request, found, unsaved=_written(request, found))
        form = _form(request, found)
        if form.is_valid() and _saved(request, form):
            messages.success(request, _("The work is saved."))
            return redirect("teacher-work", pk=found.pk)
    found = _own_work(request, pk)  # read it again: it may have changed
    return _show(request, found, form, unsaved=_written(request, found))


def _written(request, found):
    """The submitted fields of the work, from `written_in`; None for a GET."""
    return written_in(_form(request, found)) if request.method == "POST" else None


def _show(request, found, form=None, problem="", unsaved=None):
    """The page of a work: a form while the teacher can edit it, else read-only.

    `unsaved`: the submitted text, shown again when the curator has the work already (409).
    """
    if found.state in WorkState.with_teacher():
        unsaved = None
    else:
        form = None
    photos = list(found.photos.all())
    context = {
        "work": found,
        "form": form,
        "photos": [_described(photo) for photo in photos],
        "room": MOST_PHOTOS - len(photos),
        "most": MOST_PHOTOS,
        "problem": problem,
        "unsaved": unsaved,
    }
    status = 422 if problem or (form and form.errors) else 200 if unsaved is None else 409
    return page(request, "teacher/own_work.html", context, course=found.course, status=status)


def _form(request, found):
    return WorkForm(
        sent(request),
        instance=found,
        roster=roster_of(found.course),
        teacher=request.user.teacher,
    )


def _saved(request, form, **facts):
    """Save the work from the form; None when it was refused, then the form has the errors."""
    try:
        return save_work(work=form.instance, makers=form.makers(), by=request.user, **facts)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None


@teacher_page
@require_POST
def submit(request, pk):
    """Submit a work. A second request gets the same answer as the first."""
    found = _own_work(request, pk)
    try:
        found = hand_in_work(work=found, by=request.user)
    except Refusal as refusal:
        found = _own_work(request, pk)
        if found.state in WorkState.with_teacher():
            form = WorkForm(
                instance=found, roster=roster_of(found.course), teacher=request.user.teacher
            )
            return _show(request, found, form, problem=sentence_of(refusal))
    if found.state == WorkState.SUBMITTED:
        messages.success(
            request,
            _("Handed in under the number %(number)s. The curator looks at it now.")
            % {"number": found.number},
        )
    return redirect("teacher-works", pk=found.course_id)


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk):
    """Ask for the reason and withdraw the work; sent twice, the result is the same."""
    found = _own_work(request, pk, withdrawn=request.method == "POST")
    form = CancelForm(sent(request))
    form.fields["reason"].help_text = ""
    if found.state == WorkState.WITHDRAWN or (form.is_valid() and _withdrawn(request, found, form)):
        messages.success(request, _("The work is withdrawn."))
        return redirect("teacher-works", pk=found.course_id)
    return show_form(
        request,
        form,
        course=found.course,
        title=_("Withdraw the work"),
        lines=[found.title, _("It leaves the list and every public page.")],
        submit=_("Withdraw the work"),
        danger=True,
        back=reverse("teacher-work", args=[found.pk]),
    )


def _withdrawn(request, found, form):
    """Whether the work is withdrawn now, by this or an earlier request.

    Else the form has the errors.
    """
    try:
        withdraw_work(work=found, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        if refusal.reason != "state":
            show_refusal(form, refusal)
            return False
    return True


# --- Its sale ---------------------------------------------------------------------------------


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def sell(request, pk):
    """Record that the work was sold; the same form sent twice is one sale."""
    found = _own_work(request, pk)
    form = SaleForm(sent(request), work=found)
    if form.is_valid() and _sold(request, found, form):
        messages.success(request, _("The sale is recorded."))
        return redirect("teacher-work", pk=found.pk)
    return show_form(
        request,
        form,
        course=found.course,
        title=_("Record the sale"),
        lines=[found.title, _("A note of what the work brought in; nothing is paid here.")],
        submit=_("Record the sale"),
        back=reverse("teacher-work", args=[found.pk]),
    )


def _sold(request, found, form):
    """Whether the sale is recorded; else the form has the errors."""
    try:
        sell_work(work=found, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return False
    return True


@teacher_page
@require_http_methods(["GET", "HEAD", "POST"])
def take_sale_back(request, pk):
    """Ask, and take the sale back; sent twice, the result is the same."""
    found = _own_work(request, pk)
    sale = getattr(found, "sale", None)
    if request.method == "POST":
        try:
            undo_sale(work=found, by=request.user)
        except Refusal as refusal:
            if refusal.reason != "state":
                raise
        messages.success(request, _("The sale is taken back."))
    if request.method == "POST" or sale is None:
        return redirect("teacher-work", pk=found.pk)
    return show_form(
        request,
        forms.Form(),
        course=found.course,
        title=_("Take the sale back"),
        lines=[found.title, _("The work is then again what it was before the sale.")],
        submit=_("Take the sale back"),
        back=reverse("teacher-work", args=[found.pk]),
    )


def _own_work(request, pk, withdrawn=False, to_change=False):
    """The work with this key if the user teaches its course today.

    `withdrawn`: also withdrawn ones; `to_change`: locked until the end of the transaction.
    """
    courses = Course.objects.taught_by(request.user).values("pk")
    rows = Work.objects.filter(course__in=courses)
    if not withdrawn:
        rows = rows.exclude(state=WorkState.WITHDRAWN)
    rows = rows.select_related(
        "course__programme", "course__centre", "course__term__year", "technique", "sale"
    )
    if to_change:
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, pk=pk)


# --- Its photos -------------------------------------------------------------------------------


@teacher_page
@require_POST
def add(request, pk):
    """Add one or several photos; a script sends each one alone with its token.

    `token` makes a repeat harmless: if the answer was lost, it is sent again.
    """
    found = _editable(request, pk)
    token, sending = request.POST.get("token", ""), None
    if token:
        if not re.fullmatch(r"[0-9a-f-]{10,40}", token):
            return refused(Refusal(_("This could not be saved.")), status=400)
        sending = SentPhoto(request.user, found, token)
        if sending.other and (again := _answer_again(request, found, sending)):
            return again
    problems, photo = [], None
    uploads = request.FILES.getlist("photo")
    for upload in uploads:
        try:
            pk = sending and not photo and sending.pk
            photo = add_photo(upload=upload, work=found, by=request.user, pk=pk or None)
        except ValidationError as error:
            of = f"{upload.name}: " if len(uploads) > 1 else ""
            problems += [f"{of}{message}" for message in error.messages]
        except BaseException:
            if sending:
                sending.failed()
            raise
    if not request.FILES:
        problems.append(_("Choose a photo."))
    if wants_json(request):
        if sending:
            (sending.failed if problems or photo is None else sending.done)()
        if problems or photo is None:
            return refused(ValidationError(problems), status=400)
        return _row(request, found, photo)
    for problem in problems:
        messages.error(request, problem)
    return redirect(reverse("teacher-work", args=[found.pk]) + "#fotograflar")


def _answer_again(request, found, sending):
    """The answer to a repeat: the photo of the first, or that somebody is at it; None: it is ours now."""
    photo = found.photos.filter(pk=sending.other).first()
    if photo:
        return _row(request, found, photo)
    return None if sending.take_over() else JsonResponse({"busy": True}, status=503)


def _row(request, found, photo):
    context = {"work": found, "photo": _described(photo), "editable": True}
    return JsonResponse({"html": render_to_string("teacher/_photo.html", context, request)})


def _described(photo):
    """The photo with its form."""
    photo.form = PhotoTextForm(
        initial={
            "alt": photo.alt,
            "decorative": photo.decorative,
            "shown_alt": photo.alt,
            "shown_decorative": photo.decorative,
        },
        prefix=photo.pk.hex,
    )
    return photo


@teacher_page
@require_POST
def describe(request, pk, photo=None):
    """Save photo descriptions: of one photo (script), or of all (form without a script)."""
    found = _editable(request, pk)
    photos = found.photos.all()
    for one in [get_object_or_404(photos, pk=photo)] if photo else photos:
        form = PhotoTextForm(request.POST, prefix=one.pk.hex)
        try:
            if not form.is_valid():
                raise Refusal(next(iter(form.errors.values()))[0])
            describe_photo(photo=one, by=request.user, **form.description())
        except Conflict as conflict:
            problem = " ".join(conflict.messages)
            if wants_json(request):
                one.refresh_from_db()
                now = {"shown_alt": one.alt, "shown_decorative": str(one.decorative)}
                return JsonResponse({"error": problem, "now": now}, status=409)
            messages.error(
                request,
                _("%(problem)s You wrote: %(text)s")
                % {"problem": problem, "text": form.cleaned_data["alt"] or "–"},
            )
        except ValidationError as refusal:
            if wants_json(request):
                return refused(refusal)
            messages.error(request, sentence_of(refusal))
    if wants_json(request):
        return JsonResponse({})
    return redirect(reverse("teacher-work", args=[found.pk]) + "#fotograflar")


@teacher_page
@require_POST
def delete(request, pk, photo):
    """Delete a photo; deleting it twice is no error."""
    found = _editable(request, pk)
    one = found.photos.filter(pk=photo).first()
    if one:
        delete_photo(photo=one, by=request.user)
    return redirect(reverse("teacher-work", args=[found.pk]) + "#fotograflar")


def _editable(request, pk):
    """The work while the teacher can edit it. Raises Http404 when the curator has it."""
    found = _own_work(request, pk)
    return get_object_or_404(Work, pk=found.pk, state__in=WorkState.with_teacher())
