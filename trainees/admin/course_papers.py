"""The papers of a course, a tab of its desk: those of the course, then those of each trainee.

A paper of the course is registered where it is made:

    course_paper(_("Sign-in sheet"), lambda course: reverse("…", args=[course.pk]), may=RIGHTS.asks("…"))
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db.models import FilteredRelation, Q
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Course
from izmek.acts import jobs
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin import ActionForm, object_action
from izmek.admin.exports import note_export
from izmek.admin.jobs import job_address, jobs_about
from izmek.admin.ready_sheets import hand_out
from izmek.papers.answers import pdf_answer
from izmek.text.fold import slug as make_slug
from trainees.enums import CertificateState, EnrolmentState
from trainees.models import Enrolment, Trainee
from trainees.papers.announcement import announcement, can_be_announced
from trainees.papers.course import (
    ALL,
    PAPERS,
    contents_of,
    not_printable,
    sheets_of,
    those_of,
)
from trainees.papers.many import FORMS, KIND, ORDERED, check_courses, papers_to_order
from trainees.papers.record import Record, courses_to_print
from trainees.papers.registration import registration_form
from trainees.rights import RIGHTS

REGISTERED = []
may_print_forms = RIGHTS.asks("enrol_in_person")


@dataclass(frozen=True)
class RegisteredPaper:
    """A paper of a whole course. `address(course)` prints it; `may(user, course)`: who prints it.

    `note`: what it is for, in a sentence. `when(course)`: whether it can be printed now. `forms(course)`:
    [(name, address)] of the same paper as another file.
    """

    label: str
    address: Callable
    may: Callable
    note: str = ""
    when: Callable | None = None
    forms: Callable | None = None


def course_paper(label, address, *, may, note="", when=None, forms=None):
    """Register a paper for the tab of every course, after those that are there."""
    REGISTERED.append(RegisteredPaper(label, address, may, note, when, forms))


# --- The tab ----------------------------------------------------------------------------------


def announcement_tab(admin, request, course):
    """The announcement for the notice board; a course without a public page has none."""
    if not can_be_announced(course):
        raise Http404
    return pdf_answer(announcement(course.pk), f"duyuru-{course.pk}")


def empty_form_tab(admin, request, course):
    """The registration form of the course without a person, to be filled in by hand."""
    form = registration_form(course=course, by=request.user)
    return pdf_answer(form, f"kesin-kayit-{course.pk}")


def papers_tab(admin, request, course):
    """The papers that can be printed now, and of each trainee the registration form and certificates."""
    valid = Q(
        certificates__state=CertificateState.VALID
    )  # a seat has one at most; else no attribute
    rows = _named(course.enrolments).annotate(
        certificate=FilteredRelation("certificates", condition=valid)
    )
    ever = list(rows.select_related("trainee__neighbourhood", "certificate"))
    seats = [seat for seat in ever if seat.state in EnrolmentState.holding()]

    @cache
    def may(right):
        return right(request.user, course)

    return {
        "papers": [
            {
                "label": paper.label,
                "note": paper.note,
                "url": paper.address(course),
                "forms": paper.forms(course) if paper.forms else (),
            }
            for paper in REGISTERED
            if (paper.when is None or paper.when(course)) and may(paper.may)
        ],
        "order": admin.url("act", course.pk, "order_papers"),
        "jobs": jobs_about(course, KIND, request.user),
        "lost": _lost(course, ever),
        "seats": seats,
        "nobody": "" if seats else Record(course, request.user).nobody,
        "may_print": may(may_print_forms),
        "has_certificates": any(hasattr(seat, "certificate") for seat in seats),
        "certificates": reverse("admin:trainees_certificate_changelist"),
    }


def _named(seats):
    """Seats, by name, with what papers tell of people."""
    seats = seats.select_related("trainee__neighbourhood").in_name_order()
    return seats.prefetch_related("trainee__guardians")


def _lost(course, seats):
    """[(trainee or course, its page, the characters that no font has)]."""
    pages = {Course: "admin:courses_course_desk", Trainee: "admin:trainees_trainee_desk"}
    return [
        (row, reverse(pages[type(row)], args=[row.pk]), signs)
        for _course, row, signs in not_printable([course], seats)
    ]


def _courses_that_lose(courses, user):
    """[(course, its page of papers)] of those on whose papers a sign is missing."""
    rows = list(courses_to_print(user).filter(pk__in=courses))
    seats = _named(Enrolment.objects.filter(course__in=rows))
    found = dict.fromkeys(course for course, _row, _signs in not_printable(rows, seats))
    return [(one, reverse("admin:courses_course_papers", args=[one.pk])) for one in found]


# --- One paper, or all of a course ------------------------------------------------------------


def _address(course, slug, **more):
    query = urlencode({"paper": slug, **more})
    return f"{reverse('admin:courses_course_paper', args=[course.pk])}?{query}"


def _forms(slug):
    """The other files of a paper, for `course_paper`."""

    def forms_of(course):
        return [
            ("XLSX", _address(course, slug, form="xlsx")),
            ("CSV", _address(course, slug, form="csv")),
            (_("blank copy"), _address(course, slug, blank=1)),
        ]

    return forms_of


def _with_months(forms_of, slug):
    """The same files, and the paper of each month of a course that goes over several."""

    def forms(course):
        months = _months(course)
        months = months if len(months) > 1 else []
        shown = [
            (date_format(one, "F Y"), _address(course, slug, ay=f"{one:%Y-%m}")) for one in months
        ]
        return [*forms_of(course), *shown]

    return forms


def register_papers(may):
    """Put the papers of PAPERS on the tab, and all of them as one file behind them."""
    for slug, paper in PAPERS.items():
        course_paper(
            paper.name,
            lambda course, slug=slug: _address(course, slug),
            may=may,
            note=paper.text,
            forms=_with_months(_forms(slug), slug) if paper.of_a_month else _forms(slug),
        )
    course_paper(
        gettext_lazy("All papers of this course"),
        lambda course: _address(course, ALL),
        may=may,
        note=gettext_lazy(
            "One behind the other, to print in one go; without modules there is no exam record."
        ),
        forms=_forms(ALL),
    )


def _months(course):
    """The first days of the months over which a course goes."""
    begin, end = (day.year * 12 + day.month - 1 for day in (course.begin, course.end))
    return [date(month // 12, month % 12 + 1, 1) for month in range(begin, end + 1)]


def _month_of(course, asked):
    """The first day of a month of the course such as 2026-06; None where none is asked for."""
    found = {f"{month:%Y-%m}": month for month in _months(course)}
    if asked and asked not in found:
        raise Http404
    return found.get(asked)


def paper_tab(admin, request, course):
    """The file of one of PAPERS that `?paper=` names, or of all; `form` is pdf, xlsx or csv.

    `ay`, such as 2026-06: the month of a paper that is of one month.
    """
    slug, form = request.GET.get("paper", ALL), request.GET.get("form", "pdf")
    if (slug != ALL and slug not in PAPERS) or form not in FORMS:
        raise Http404
    chosen = list(PAPERS.values()) if slug == ALL else [PAPERS[slug]]
    course = courses_to_print(request.user).filter(pk=course.pk).first()
    if course is None:
        raise Http404
    month = _month_of(course, request.GET.get("ay"))
    record = Record(course, request.user, blank=bool(request.GET.get("blank")), month=month)
    name = _("All papers of this course") if slug == ALL else str(chosen[0].name)
    if slug == ALL:
        chosen = those_of(chosen, record)
    columns = [str(paper.name) for paper in chosen]
    if form != "pdf":
        title = f"{name} {course.number or course}"
        sheets = sheets_of(chosen, record)
        about = None if record.blank else course
        said = {"people": len(record.people), "columns": columns}
        return hand_out(request, *sheets, name=title, about=about, **said)
    contents = contents_of(chosen, record)
    if not record.blank:
        count, what = len(record.people), f"{name}, pdf"
        note_export(course, count, by=request.user, what=what, columns=columns)
    return pdf_answer(
        contents, make_slug(f"{slug} {request.GET.get('ay', '')} {course.number or course.slug}")
    )


# --- Several, of one course or of many, as a file that is ordered -----------------------------


class PapersForm(ActionForm):
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers"),
        choices=[(slug, paper.name) for slug, paper in ORDERED.items()],
        initial=list(PAPERS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one paper.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=list(FORMS.items()),
        initial="pdf",
        widget=forms.RadioSelect,
    )
    blank = forms.BooleanField(
        label=gettext_lazy("blank copies"),
        required=False,
        help_text=gettext_lazy("With empty rows and without names, for the wall."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = papers_to_order(self.request.user)
        self.fields["papers"].choices = [(slug, one.name) for slug, one in offered.items()]
        told = [f"{one.name}: {one.text}" for one in offered.values() if one.slug not in PAPERS]
        self.fields["papers"].help_text = format_html_join("", "<br>{}", ((line,) for line in told))

    def remember_shown(self):
        """Nothing of the record is changed."""


WHAT_IS_ORDERED = gettext_lazy(
    "A folder for each course, in one ZIP file. You order it and get it when it is ready; who takes it "
    "out is noted in the access log. Of a course without trainees there is only what names nobody."
)


def _order(courses, user, data):
    """Order the papers of some courses (keys); the answer leads to the page of the job."""
    one = Course.objects.get(pk=courses[0]) if len(courses) == 1 else None
    about = one or ContentType.objects.get_for_model(Course)
    options = {
        "courses": sorted(courses),
        "papers": [slug for slug in ORDERED if slug in data["papers"]],
        "form": data["form"],
        "blank": data["blank"],
    }
    job = jobs.order(kind=KIND, about=about, by=user, options=options)
    return HttpResponseRedirect(job_address(job))


@object_action(
    gettext_lazy("Order papers as a ZIP"),
    form=PapersForm,
    permission="trainees.view_enrolment",
    menu=False,  # its link stands on the tab
    text=WHAT_IS_ORDERED,
)
def order_papers(self, request, course, data):
    return _order([course.pk], request.user, data)


def papers_of_chosen(may):
    """The act on the courses that are chosen in their list; `may(user)`: who has it."""

    def order_papers_of_chosen(admin, request, queryset):
        courses = list(queryset.values_list("pk", flat=True))
        sent = request.POST if "apply" in request.POST else None
        form = PapersForm(sent, request=request)
        try:
            if sent is None:
                check_courses(courses, request.user, blank=True)
            elif form.is_valid():
                return _order(courses, request.user, form.cleaned_data)
        except Refusal as refusal:
            admin.message_user(request, sentence_of(refusal), messages.WARNING)
            if refusal.reason != "empty":
                return None
        return admin.render_action_page(
            request,
            form=form,
            title=order_papers_of_chosen.short_description,
            text=WHAT_IS_ORDERED,
            rows=list(admin.with_labels(request, queryset)),
            warning=_(
                "On the papers of these courses ☐ stands for letters that our fonts lack, and emoji are "
                "left out. Their pages of papers tell where:"
            ),
            warned=_courses_that_lose(courses, request.user),
            action=order_papers_of_chosen.__name__,
            submit=_("Order"),
            stays=True,
        )

    order_papers_of_chosen.short_description = gettext_lazy("Papers of the chosen courses (ZIP)")
    order_papers_of_chosen.may = may
    return order_papers_of_chosen
