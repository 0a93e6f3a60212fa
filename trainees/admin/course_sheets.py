"""The ready sheets of a course, on the tab of its papers: who attends with phones, and to sign in."""

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.services import who_teaches
from izmek.admin.masking import masked_for
from izmek.admin.ready_sheets import hand_out
from izmek.text import masks
from trainees.models import Guardian, Trainee
from trainees.sheets.courses import class_list, sign_in_list

SHEETS = {
    "class": (_("Class list with phones"), _("Who attends, with phones, guardians and absence.")),
    "sign-in": (
        _("Sign-in sheet"),
        _("A box to sign in for each lesson of the month in which the next one is held."),
    ),
}


def sheet_address(course, name):
    return f"{reverse('admin:courses_course_sheet', args=[course.pk])}?list={name}"


def sheet_tab(admin, request, course):
    """The file of one of SHEETS; `?list=` names it."""
    name = request.GET.get("list", "class")
    if name not in SHEETS:
        raise Http404
    seats, teacher = _seats(request, course), who_teaches(course)
    if name == "class":
        table = class_list(course, seats, teacher)
    else:
        table = sign_in_list(course, seats, _lessons(course), teacher)
    title = f"{SHEETS[name][0]} {course.number or course}"
    return hand_out(request, table, name=title, about=course)


def _seats(request, course):
    """Who holds a seat, in the order of HEM's lists, as the reader sees them."""
    columns = {"phone": masks.phone, "email": masks.email, "birth_date": masks.day}
    people = Trainee.objects.select_related("neighbourhood")
    guardians = masked_for(request.user, Guardian.objects.all(), {"phone": masks.phone})
    people = masked_for(request.user, people, columns)
    people = people.prefetch_related(Prefetch("guardians", guardians))
    seats = course.enrolments.holding_seat().with_attendance().in_name_order()
    return list(seats.prefetch_related(Prefetch("trainee", people)))


def _lessons(course):
    """The lessons of the month in which the next one is held; of a course that is over, of its last."""
    lessons = course.sessions.taking_place().order_by("date", "begin")
    coming = lessons.filter(date__gte=timezone.localdate()).first() or lessons.last()
    if coming is None:
        return []
    month = {"date__year": coming.date.year, "date__month": coming.date.month}
    return list(lessons.filter(**month))
