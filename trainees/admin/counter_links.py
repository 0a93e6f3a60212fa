"""The ways to the counters: in the head of every page, on a course, a person, an application."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from courses.enums import CourseState
from izmek.admin import object_link
from trainees.admin.counter_applications import ApplicationCounter
from trainees.admin.counter_enrolments import EnrolmentCounter
from trainees.rights import RIGHTS


def counter_links(request):
    """[{label, url, current}] of the counters that the user may use, for the head of every page."""
    found = []
    if not request.user.is_authenticated:
        return found
    for counter, name in ((ApplicationCounter, "application"), (EnrolmentCounter, "enrolment")):
        if RIGHTS.may(request.user, counter.counter_act):
            url = reverse(f"admin:trainees_{name}_counter")
            current = request.path == url
            found.append({"label": counter.counter_short, "url": url, "current": current})
    return found


def counter_button(label, name, *, of, **conditions):
    """A button on a row's page that leads to a counter with this row chosen (`of`: "course" …).

    `conditions`: as for `object_link`.
    """
    return object_link(
        label,
        lambda row: f"{reverse(f'admin:trainees_{name}_counter')}?{of}={row.pk}",
        **conditions,
    )


def takes_people(course):
    return course.state in CourseState.enrolling()


def has_seats_to_give(course):
    """Whether there is a seat for whoever comes now, and nothing else is due: to start or to finish."""
    today = timezone.localdate()
    due = course.begin <= today if course.state == CourseState.OPEN else course.end < today
    return course.free > 0 and not due


enrol = counter_button(
    gettext_lazy("New enrolment"),
    "enrolment",
    of="course",
    may=RIGHTS.asks("enrol_in_person"),
    when=takes_people,
    next_when=has_seats_to_give,
)
take_application = counter_button(
    gettext_lazy("New application"),
    "application",
    of="course",
    may=RIGHTS.asks("apply"),
    when=takes_people,
)
