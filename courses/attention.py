"""What the admin's first page tells of courses and lessons (izmek/admin/attention.py)."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, Session
from izmek.admin import visible
from izmek.admin.attention import attention, count_of, line, may_open, row

NEXT = 5  # rows of what begins next


@attention(10)
def courses(user, year, today, figures, waiting, coming):
    if not may_open(user, Course):
        return
    seen = visible(Course, user)
    of_year = Q(term__year=year)
    small = Q(pk__in=Course.objects.below_minimum().values("pk"))
    count = seen.filter(of_year).aggregate(
        planned=count_of(Q(state=CourseState.PLANNED)),
        open=count_of(Q(state=CourseState.OPEN)),
        running=count_of(Q(state=CourseState.RUNNING)),
        finished=count_of(Q(state=CourseState.FINISHED)),
        small=count_of(small),
    )
    figures += [
        line(Course, _("Courses running"), count["running"], state__exact="running"),
        line(Course, _("Courses open for application"), count["open"], state__exact="open"),
        line(Course, _("Courses planned"), count["planned"], state__exact="planned"),
        line(Course, _("Courses finished"), count["finished"], state__exact="finished"),
    ]
    waiting.append(
        line(Course, _("Courses below the smallest group"), count["small"], group="small")
    )
    soon = seen.filter(state__in=(CourseState.PLANNED, CourseState.OPEN), begin__gte=today)
    for course in soon.select_related("programme", "centre").order_by("begin", "pk")[:NEXT]:
        coming.append(row(course, course.begin, _("course")))


@attention(40)
def lessons(user, year, today, figures, waiting, coming):
    if not may_open(user, Session):
        return
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    seen = visible(Session, user).filter(course__term__year=year)
    # Two questions: each finds its rows by an index of its own, both in one would read the year.
    week = {"date__gte": monday.isoformat(), "date__lte": sunday.isoformat()}
    count = seen.filter(**week).taking_place().count()
    figures.append(line(Session, _("Lessons this week"), count, held="yes", **week))
    count = seen.missing_roll(today).count()
    waiting.append(line(Session, _("Rolls not called"), count, roll="missing"))
