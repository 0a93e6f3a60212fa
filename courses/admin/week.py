"""The week of a centre's rooms and of a teacher: who is where, when; a page that can be printed."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import services
from courses.enums import CourseState
from courses.models import Course, CourseCentre, Holiday, Teacher
from courses.papers.week import week_plan
from courses.rights import RIGHTS
from izmek.admin import visible
from izmek.papers.answers import pdf_answer
from izmek.text.codes import row_key
from izmek.text.order import tr_order

MORNING, EVENING = 9, 17  # hours that a week shows at least
YEARS = range(2000, 2101)  # of a week that can be shown


def week_of(row):
    """The address of the week of a centre or a teacher."""
    return reverse(f"admin:courses_{row._meta.model_name}_week", args=[row.pk])


class WeekPages:
    """The part of a ModelAdmin of centres or teachers that shows their weeks.

    `…_week` is the week of a row, `…_weeks` leads to the one that is chosen, else to the first.
    """

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("week/", self.guarded(self.choose_week), name=f"{name}_weeks"),
            path("<int:pk>/week/", self.guarded(self.week_view), name=f"{name}_week"),
            *super().get_urls(),
        ]

    def choose_week(self, request):
        """`?row=`, `?date=`: what was chosen on the page of another week."""
        _require(request)
        rows = visible(self.model, request.user)
        key = row_key(request.GET.get("row", ""))
        chosen = rows.filter(pk=key).first() if key else rows.order_by(*self.ordering).first()
        if chosen is None:
            raise Http404
        day = _day(request)
        address = self.url("week", chosen.pk)
        return HttpResponseRedirect(f"{address}?date={day}" if day else address)

    def week_view(self, request, pk):
        """`?date=`: a day of the week that is shown, else today."""
        _require(request)
        obj = visible(self.model, request.user).filter(pk=pk).first()
        if obj is None:
            raise Http404
        today = timezone.localdate()
        day = _day(request) or today
        monday = day - timedelta(days=day.weekday())
        days = [monday + timedelta(days=n) for n in range(7)]
        choices = list(self._choices(request, obj))
        names = dict(choices[-1]["rows"])  # of the teachers that the user sees
        shown = self.week_of(request, obj, days, names)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Week: %(name)s") % {"name": obj},
            "opts": self.opts,
            "original": obj,
            "media": self.media,
            "period": _period(days[0], days[-1]),
            "before": monday - timedelta(days=7),
            "after": monday + timedelta(days=7),
            "day": day,
            "days": days,
            "is_this_week": today in days,
            "choices": choices,
            "seen_teachers": names,
            **shown,
        }
        return TemplateResponse(request, "admin/courses/week.html", context)

    def _choices(self, request, obj):
        """What else there is to look at: for centres and teachers (label, address, rows, chosen)."""
        for model, ordering in (
            (CourseCentre, (tr_order("name"),)),
            (Teacher, (tr_order("last_name"), tr_order("first_name"))),
        ):
            rows = visible(model, request.user).order_by(*ordering)
            columns = ("name",) if model is CourseCentre else ("first_name", "last_name")
            yield {
                "label": model._meta.verbose_name,
                "name": f"week-{model._meta.model_name}",
                "address": reverse(f"admin:courses_{model._meta.model_name}_weeks"),
                "rows": [
                    (pk, " ".join(filter(None, names)))
                    for pk, *names in rows.values_list("pk", *columns)
                ],
                "chosen": obj.pk if isinstance(obj, model) else None,
            }


class CentreWeek(WeekPages):
    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_week_paper"
        return [
            path("<int:pk>/week.pdf", self.guarded(self.week_paper), name=name),
            *super().get_urls(),
        ]

    def week_paper(self, request, pk):
        """The same week of the rooms on paper, to hang at the door; `?date=` as for the page."""
        _require(request)
        centre = visible(self.model, request.user).filter(pk=pk).first()
        if centre is None:
            raise Http404
        day = _day(request) or timezone.localdate()
        monday = day - timedelta(days=day.weekday())
        return pdf_answer(week_plan(centre, monday), f"{centre.slug}-{monday}")

    def week_of(self, request, centre, days, names):
        """A table for each room that the centre has, and one for lessons without a room."""
        holidays = list(Holiday.objects.for_centre(centre).filter(_touch(days)))
        busy = services.busy_at(centre=centre, first=days[0], last=days[-1], holidays=holidays)
        rooms = list(centre.rooms.order_by(tr_order("name")))
        blocks = list(_blocks(request, busy, names))
        hours = _hours(busy)
        tables = []
        for room in rooms:
            here = [block for block in blocks if block["busy"].room == room.pk]
            tables.append(
                {
                    "title": room.name,
                    "note": _("%(seats)d seats") % {"seats": room.capacity},
                    "grid": _grid(here, days, hours, holidays),
                }
            )
        nowhere = [block for block in blocks if block["busy"].room is None]
        if nowhere or not rooms:
            grid = _grid(nowhere, days, hours, holidays)
            tables.append({"title": _("Without a room"), "note": "", "grid": grid})
        return {
            "tables": tables,
            "heads": _heads(days, holidays),
            "of_centre": True,
            "none": not busy,
            "new_course": RIGHTS.may(request.user, "save_course")
            and f"{reverse('admin:courses_course_add')}?centre={centre.pk}",
            "free": f"{reverse('admin:courses_room_free')}?centre={centre.pk}",
            "paper": reverse("admin:courses_coursecentre_week_paper", args=[centre.pk]),
        }


class TeacherWeek(WeekPages):
    def week_of(self, request, teacher, days, names):
        """One table; of a course that the user does not see only where and when it is."""
        holidays = list(Holiday.objects.filter(_touch(days)))
        busy = services.busy_with(teacher=teacher, first=days[0], last=days[-1], holidays=holidays)
        holidays = [one for one in holidays if one.centre_id is None]
        blocks = list(_blocks(request, busy, names))
        grid = _grid(blocks, days, _hours(busy), holidays)
        given = [one for one in busy if not one.cancelled and not one.holiday]
        note = _("%(hours)d lesson hours") % {"hours": sum(one.lesson_hours for one in given)}
        return {
            "tables": [{"title": str(teacher), "note": note, "grid": grid}],
            "heads": _heads(days, holidays),
            "none": not busy,
        }


def _require(request):
    if not request.user.has_perm("courses.view_session"):
        raise PermissionDenied


def _day(request):
    try:
        day = date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _period(first, last):
    begin = "j" if first.month == last.month else "j F" if first.year == last.year else "j F Y"
    return f"{date_format(first, begin)} – {date_format(last, 'j F Y')}"


def _touch(days):
    return Q(begin__lte=days[-1], end__gte=days[0])


def _blocks(request, busy, names):
    """What the page shows of each lesson: with its seats and its link where the user sees the course."""
    courses = visible(Course, request.user).filter(pk__in={one.course.pk for one in busy})
    seats = {course.pk: course for course in courses.with_seats()}
    others = Teacher.objects.in_bulk({one.teacher for one in busy} - names.keys())
    for one in busy:
        course = seats.get(one.course.pk)
        state, kind, tag = "", "", ""
        if one.cancelled:
            state, kind, tag = one.lesson.get_state_display(), "cancelled", "wrong"
        elif one.holiday:
            state, kind, tag = one.holiday, "cancelled", "last"
        elif one.planned:
            state, kind = one.course.get_state_display(), "planned"
        elif one.course.state == CourseState.FINISHED:
            kind = "past"
        yield {
            "busy": one,
            "course": f"{one.course.programme} {one.course.group}".strip(),
            "url": course and reverse("admin:courses_course_desk", args=[course.pk]),
            "teacher": names.get(one.teacher) or others[one.teacher],
            "seats": course and f"{course.seats_held + course.seats_offered}/{one.course.capacity}",
            "state": state,
            "kind": kind,
            "tag": tag,
        }


def _heads(days, holidays):
    today = timezone.localdate()
    return [
        {
            "day": day,
            "holidays": [one for one in holidays if one.begin <= day <= one.end],
            "is_today": day == today,
        }
        for day in days
    ]


def _hours(busy):
    """The hours that are rows: those of office, and more where lessons are earlier or later."""
    first = min([MORNING, *(one.begin.hour for one in busy)])
    last = max([EVENING, *(_hour_after(one) for one in busy)])
    return range(first, last)


def _hour_after(one):
    return one.end.hour + bool(one.end.minute)


def _grid(blocks, days, hours, holidays):
    """Rows of a table: [(hour, cells)]; a cell spans the hours of its blocks, one after the other.

    Lessons that share an hour share a cell.
    """
    cells = {}
    for number, day in enumerate(days):
        groups = []
        for block in blocks:
            one = block["busy"]
            if one.date != day:
                continue
            if groups and one.begin.hour < groups[-1]["until"]:
                groups[-1]["blocks"].append(block)
                groups[-1]["until"] = max(groups[-1]["until"], _hour_after(one))
            else:
                until = _hour_after(one)
                groups.append({"since": one.begin.hour, "until": until, "blocks": [block]})
        closed = any(one.begin <= day <= one.end and one.part == "whole" for one in holidays)
        for hour in hours:
            cells[number, hour] = {"span": 1, "blocks": (), "closed": closed}
        for group in groups:
            for hour in range(group["since"], group["until"]):
                cells.pop((number, hour), None)
            cells[number, group["since"]] = {
                "span": group["until"] - group["since"],
                "blocks": group["blocks"],
            }
    columns = range(len(days))
    return [
        (f"{hour:02d}.00", [cells[column, hour] for column in columns if (column, hour) in cells])
        for hour in hours
    ]
