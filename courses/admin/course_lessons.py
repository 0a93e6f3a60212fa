"""The lessons of a course, a tab of its desk: the coming ones first, or a month as a calendar."""

from calendar import Calendar
from collections import defaultdict
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import services
from courses.admin.week import YEARS
from courses.enums import CourseState, SessionState
from courses.models import Holiday, Session
from courses.rights import RIGHTS
from izmek.admin import Tag
from izmek.admin.masking import masked_for
from izmek.admin.scope import admin_of

IN_ROW = ("substitute", "make_up", "cancel")  # the acts of a lesson that its row offers


def lessons_tab(admin, request, course):
    """`?view=calendar&month=2026-11` shows a month; else all lessons, the coming ones first."""
    today = timezone.localdate()
    rows, acts = _lessons(admin, request, course), admin.acts_on(request, course, "lessons")
    context = {
        "hours": _hours(course, rows),
        "add": next((act["url"] for act in acts if act["action"] == "add_session"), None),
        "holiday": _holiday_url(request, course),
    }
    if request.GET.get("view") == "calendar":
        return context | {"calendar": _calendar(request, course, rows, today)}
    coming = [row for row in rows if row.date >= today]
    past = [row for row in reversed(rows) if row.date < today]
    warnings = [*services.timetable_warnings(course=course, sessions=rows), *_clashes(course)]
    topics = any(row.topic for row in rows)
    return context | {
        "coming": coming,
        "past": past,
        "topics": topics,
        "none": not rows,
        "warnings": warnings,
    }


def _lessons(admin, request, course):
    """The lessons in order, each with who gives it, its tag and its acts."""
    of_lessons = admin_of(admin.admin_site, Session)
    rows = course.sessions.with_holiday().select_related("teacher", "roll_call")
    rows = masked_for(request.user, rows)
    rows = list(rows.order_by("date", "begin"))
    by_key, made_up = {row.pk: row for row in rows}, defaultdict(list)
    for row in rows:
        made_up[row.makes_up_for_id].append(row)
    for row in rows:
        row.course = course  # with its teachers, who are read already
        row.made_up_for, row.made_up_by = by_key.get(row.makes_up_for_id), made_up[row.pk]
    buttons = of_lessons.buttons_in_list(request, rows)
    for row in rows:
        row.who = row.teacher or services.who_teaches(course, row.date)
        row.tag = state_of(row)
        found = {button["action"]: button for button in buttons[row.pk]}
        if row.made_up_by:
            found.pop("make_up", None)
        row.acts = [found[name] for name in IN_ROW if name in found]
        row.url = of_lessons.url("change", row.pk)
    return rows


def state_of(lesson):
    """The state of a lesson (of `with_holiday`, with its roll call) in words and colour."""
    if lesson.state == SessionState.CANCELLED:
        return Tag(_("cancelled"), "wrong")
    if hasattr(lesson, "roll_call"):
        return Tag(_("roll called"), "now")
    if lesson.holiday:
        return Tag(_("no lesson: %(name)s") % {"name": lesson.holiday}, "past")
    today = timezone.localdate()
    if lesson.date < today:
        return Tag(_("roll not called"), "last")
    return Tag(_("today"), "soon") if lesson.date == today else Tag(_("planned"))


def _hours(course, rows):
    """How many of the course's lesson hours are planned and held, as sentences."""
    takes_place = [row for row in rows if row.takes_place]
    planned = sum(row.lesson_hours for row in takes_place)
    held = sum(row.lesson_hours for row in takes_place if hasattr(row, "roll_call"))
    total = course.total_hours or course.programme.total_hours
    return {"planned": planned, "held": held, "total": total, "missing": max(0, total - planned)}


def _clashes(course):
    """What would clash if a planned course were opened now; an open one's clashes are refused."""
    if course.state != CourseState.PLANNED:
        return []
    return services.booking_warnings(course=course)[:10]


def _holiday_url(request, course):
    """The form for a holiday of the centre; whoever may enter one, and while lessons are to come."""
    if course.state in CourseState.over() or not RIGHTS.may(request.user, "save_holiday"):
        return None
    return reverse("admin:courses_holiday_add") + f"?centre={course.centre_id}"


# --- The calendar -----------------------------------------------------------------------------


def _calendar(request, course, rows, today):
    """A month as weeks of days, with the lessons and holidays of each; and the months beside it."""
    month = _month(request, course, today)
    by_day = {}
    for row in rows:
        by_day.setdefault(row.date, []).append(row)
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    holidays = list(
        Holiday.objects.for_centre(course.centre).filter(
            begin__lte=weeks[-1][-1], end__gte=weeks[0][0]
        )
    )
    before, after = month - timedelta(days=1), month + timedelta(days=31)
    return {
        "title": f"{MONTHS[month.month]} {month.year}",
        "weekdays": list(WEEKDAYS.values()),
        "weeks": [
            [
                {
                    "day": day,
                    "in_month": day.month == month.month,
                    "is_today": day == today,
                    "lessons": by_day.get(day, ()),
                    "holidays": [one for one in holidays if one.begin <= day <= one.end],
                }
                for day in week
            ]
            for week in weeks
        ],
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "count": ngettext("%(n)d lesson", "%(n)d lessons", _in(month, rows))
        % {"n": _in(month, rows)},
    }


def _in(month, rows):
    return sum((row.date.year, row.date.month) == (month.year, month.month) for row in rows)


def _month(request, course, today):
    """The first day of the month that `?month=` names, else of today's, within the course."""
    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = None
    if month and month.year in YEARS:
        return month
    return min(max(today, course.begin), course.end).replace(day=1)
