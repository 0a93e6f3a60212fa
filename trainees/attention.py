"""What the admin's first page tells of trainees and applications (izmek/admin/attention.py)."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Course
from izmek.admin import visible
from izmek.admin.attention import attention, line, may_open
from trainees.models import Application, Call, Enrolment, Trainee

FLOOD = 15  # unconfirmed applications for one course in a day; most people confirm at once


@attention(20)
def trainees(user, year, today, figures, waiting, coming):
    if (
        year and may_open(user, Trainee) and may_open(user, Enrolment)
    ):  # who sees the seat sees both
        seats = visible(Enrolment, user).holding_seat().filter(course__term__year=year)
        count = seats.aggregate(people=Count("trainee", distinct=True))["people"]
        figures.append(line(Trainee, _("Trainees enrolled"), count, enrolled=year.pk))


@attention(25)
def ages(user, year, today, figures, waiting, coming):
    if may_open(user, Enrolment):
        count = visible(Enrolment, user).against_age_rules(today).count()
        label = _("Seats against the rules of age")
        waiting.append(line(Enrolment, label, count, age="rule", year="all"))


@attention(28)
def calls(user, year, today, figures, waiting, coming):
    if may_open(user, Call):
        count = visible(Call, user).open().count()
        waiting.append(line(Call, _("People to be told by telephone"), count))


@attention(30)
def applications(user, year, today, figures, waiting, coming):
    if may_open(user, Application):
        calls = reverse("admin:trainees_application_calls")
        counts = list(visible(Application, user).calls())
        for label, name, part in (
            (_("Applicants to call"), "untold", ""),
            (_("Applicants to confirm"), "unanswered", "#confirm"),
        ):
            count = sum(row[name] for row in counts)
            waiting.append(line(Application, label, count) | {"url": f"{calls}{part}"})
        floods = {row["course"]: row["new"] for row in counts if row["new"] >= FLOOD}
        waiting += [_flood(course, floods[course.pk]) for course in _named(floods)]


def _named(keys):
    if not keys:
        return []
    return Course.objects.filter(pk__in=keys).select_related("programme", "centre").order_by("pk")


def _flood(course, count):
    """Suspiciously many; nothing is refused by itself: the centre looks and decides."""
    label = _("This looks like a flood of applications: %(course)s") % {"course": course}
    only = {"course__id__exact": course.pk, "confirmed": "no", "year": "all"}
    return line(Application, label, count, **only)
