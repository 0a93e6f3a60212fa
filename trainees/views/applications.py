"""The applicant's pages: the form, the application's page, giving it up (DESIGN.md §5).

They are not cached and show no names. Anyone with the reference can see the state of the
application; to change it, they need the last digits of the phone number, and to confirm it the code
in the letter.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.wording import times_of
from izmek.accounts.limits import limit
from izmek.acts.refusal import show_refusal
from izmek.public.forms import DAY, MINUTES, form_of, form_page, private_page, within_limits
from izmek.public.head import head
from izmek.text.codes import read_code
from izmek.text.fold import fold
from trainees import services
from trainees.enums import ApplicationState, NoticeKind
from trainees.forms.applications import ApplicationForm, WithdrawForm
from trainees.models import Application, NoticeText
from trainees.views.courses import public_courses

# What one phone or e-mail address may send in a day, for all courses.
FROM_ONE_PERSON = {"times": 10, "seconds": DAY}
# What one address may send for one course; all forms together: izmek/public/forms.py.
FOR_ONE_COURSE = {"times": 20, "seconds": 60 * MINUTES}
GUESSES = {"times": 5, "seconds": 60 * MINUTES}


@form_page
def apply(request, pk):
    """The application form. A full course says so first: new applicants go on the waiting list.

    A change of the page's language keeps what was typed (`_lang.html`).
    """
    course = get_object_or_404(public_courses(), pk=pk)
    status, form = 200, None
    if course.takes_applications:
        form = form_of(request, ApplicationForm, about=f"application:{course.pk}")
        if form.is_bound and form.is_valid():
            application, status = _apply(request, course, form)
            if application:
                return redirect("application", reference=application.reference)
    return render(
        request,
        "trainees/apply.html",
        {
            "course": course,
            "form": form,
            "lang_form": "basvuru" if form else "",
            "times": times_of(course, course.slots.all()),
            "notice": NoticeText.objects.current(NoticeKind.APPLICATION, get_language()),
            "crumbs": [
                (_("Courses"), reverse("courses")),
                (course.public_name, course.get_absolute_url()),
            ],
            "head": head(
                request,
                title=_("Apply: %(course)s") % {"course": course.public_name},
                description=_("Ask for a seat in a course."),
                indexed=False,
            ),
        },
        status=status,
    )


def _apply(request, course, form):
    """(application, status): the application, or None with the errors in the form."""
    too_often = _(
        "Too many applications came from here in a short time. Wait a while and send the form again, "
        "or call the course centre."
    )
    people = [form.cleaned_data["phone"].as_e164, fold(form.cleaned_data["email"])]
    if not within_limits(
        request, form, "application", too_often, by_one=FROM_ONE_PERSON, people=people
    ):
        return None, 429
    if not limit(request, f"application {course.pk}", **FOR_ONE_COURSE):
        form.add_error(None, too_often)
        return None, 429
    try:
        return services.apply(course=course, language=get_language(), **form.request), 200
    except ValidationError as refusal:
        form.refuse(refusal)
        return None, 200


@private_page
def application(request, reference):
    """The state of an application and the next step, without name or phone."""
    row = _application(reference)
    if row.reference != reference:
        return redirect("application", reference=row.reference)
    context = _context(request, row, _("Your application"))
    if row.state == ApplicationState.ENROLLED:
        context["seat"] = row.course.enrolments.filter(trainee=row.trainee_id).first()
    response = render(request, "trainees/application.html", context)
    # Links on this page must not tell other sites its address, which holds the reference.
    response["Referrer-Policy"] = "no-referrer"
    return response


@form_page
def confirm(request, reference, code):
    """The link of the letter: a page with one button.

    A program that looks at the links in a mail opens the page; only the button confirms.
    """
    row = _application(reference)
    if row.reference != reference or not row.is_unconfirmed or row.has_lapsed:
        return redirect("application", reference=row.reference)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_bound:
        try:
            services.confirm_application(application=row, code=code)
            return redirect("application", reference=row.reference)
        except ValidationError as refusal:
            show_refusal(form, refusal)
    context = _context(request, row, _("Confirm your application"))
    return render(request, "trainees/confirm.html", context | {"form": form})


@form_page
def withdraw(request, reference):
    """Give up the application or the offered seat.

    It has its own page: browsers send a form from a page without a referrer with no origin, and the
    CSRF check refuses that.
    """
    row = _application(reference)
    if row.reference != reference or not row.is_open:
        return redirect("application", reference=row.reference)
    form, status = WithdrawForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        status = _withdraw(request, row, form)
        if status == 302:
            return redirect("application", reference=row.reference)
    context = _context(request, row, _("Withdraw your application"))
    return render(request, "trainees/withdraw.html", context | {"form": form}, status=status)


def _withdraw(request, row, form):
    """302 when it is done, else the status of the form, which shows the errors."""
    if not limit(request, "withdraw", who=row.reference, **GUESSES):
        form.add_error(
            None, _("This was tried too often. Wait an hour, or call the course centre.")
        )
        return 429
    give_up = services.withdraw_application
    if row.state == ApplicationState.OFFERED:
        give_up = services.decline_offer
    try:
        give_up(application=row, **form.cleaned_data)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return 200
    return 302


def _application(reference):
    """The application with a reference, in any spelling. Raises Http404."""
    code = read_code(reference)
    if not code:
        raise Http404
    rows = Application.objects.with_position().select_related(
        "course__programme", "course__centre__neighbourhood", "enrolment"
    )
    return get_object_or_404(rows, reference=code)


def _context(request, row, title):
    return {
        "application": row,
        "course": row.course,
        "times": times_of(row.course, row.course.slots.all()),
        "head": head(
            request,
            title=title,
            description=_("Where an application for a course stands."),
            indexed=False,
        ),
    }
