"""The papers of a course, a tab of its desk: those of the course, then those of each trainee.

A paper of the course is registered where it is made:

    course_paper(_("Sign-in sheet"), lambda course: reverse("…", args=[course.pk]), may=RIGHTS.asks("…"))
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse

from izmek.papers.answers import pdf_answer
from trainees.enums import CertificateState
from trainees.forms.consents import QUESTIONS
from trainees.models import Certificate
from trainees.papers.announcement import announcement, can_be_announced
from trainees.papers.registration import registration_form
from trainees.rights import RIGHTS

PAPERS = []


@dataclass(frozen=True)
class CoursePaper:
    """A paper of a whole course. `address(course)` prints it; `may(user, course)`: who prints it.

    `note`: what it is for, in a sentence. `when(course)`: whether it can be printed now. `is_sheet`: it is
    a spreadsheet, which `&form=csv` gives as CSV (izmek/admin/ready_sheets.py).
    """

    label: str
    address: Callable
    may: Callable
    note: str = ""
    when: Callable | None = None
    is_sheet: bool = False


def course_paper(label, address, *, may, note="", when=None, is_sheet=False):
    """Register a paper for the tab of every course, after those that are there."""
    PAPERS.append(CoursePaper(label, address, may, note, when, is_sheet))


def announcement_tab(admin, request, course):
    """The announcement for the notice board; a course without a public page has none."""
    if not can_be_announced(course):
        raise Http404
    return pdf_answer(announcement(course.pk), f"duyuru-{course.pk}")


def empty_form_tab(admin, request, course):
    """The registration form of the course without a person, to be filled in by hand."""
    form = registration_form(course=course, questions=QUESTIONS.values(), by=request.user)
    return pdf_answer(form, f"kesin-kayit-{course.pk}")


def papers_tab(admin, request, course):
    """The papers that can be printed now, and of each trainee the registration form and certificates."""
    valid = Certificate.objects.filter(state=CertificateState.VALID)
    seats = course.enrolments.holding_seat().select_related("trainee").in_name_order()
    seats = list(seats.prefetch_related(Prefetch("certificates", valid)))
    return {
        "papers": [
            {
                "label": paper.label,
                "note": paper.note,
                "url": paper.address(course),
                "is_sheet": paper.is_sheet,
            }
            for paper in PAPERS
            if (paper.when is None or paper.when(course)) and paper.may(request.user, course)
        ],
        "seats": seats,
        "may_print": RIGHTS.may(request.user, "enrol_in_person", course),
        "has_certificates": any(seat.certificates.all() for seat in seats),
        "certificates": reverse("admin:trainees_certificate_changelist"),
    }
