"""What the admin's first page tells of trainees and applications (izmek/admin/attention.py)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from izmek.admin import visible
from izmek.admin.attention import attention, line, may_open
from trainees.models import Application, Enrolment, Trainee


@attention(20)
def trainees(user, year, today, figures, waiting, coming):
    if year and may_open(user, Trainee) and may_open(user, Enrolment):
        seats = visible(Enrolment, user).holding_seat().filter(course__term__year=year)
        count = visible(Trainee, user).filter(pk__in=seats.values("trainee")).count()
        figures.append(line(Trainee, _("Trainees enrolled"), count, enrolled=year.pk))


@attention(25)
def ages(user, year, today, figures, waiting, coming):
    if may_open(user, Enrolment):
        count = visible(Enrolment, user).against_age_rules(today).count()
        label = _("Seats against the rules of age")
        waiting.append(line(Enrolment, label, count, age="rule", year="all"))


@attention(30)
def applications(user, year, today, figures, waiting, coming):
    if may_open(user, Application):
        to_call = visible(Application, user).to_call().count()
        calls = line(Application, _("Applicants to call"), to_call)
        waiting.append(calls | {"url": reverse("admin:trainees_application_calls")})
