"""Where so many lesson hours fit: the rooms that are free at a time of the week."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import services
from courses.enums import Weekday
from courses.models import Course, CourseCentre, EducationYear, Room, check_lesson_hours
from courses.rights import RIGHTS
from izmek.admin import visible
from izmek.admin.widgets import DateInput, TimeInput
from izmek.text.clock import EndFormField
from izmek.text.order import tr_order

MOST = 60  # rooms of each kind on the page; who wants others asks for one centre
LINES = "times"  # in the address of the form for a new course: its weekly times


class FreeTimesForm(forms.Form):
    """What is looked for. `courses.services.free_rooms` says what the answers mean."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("weekdays"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.TimeField(label=gettext_lazy("between"), widget=TimeInput)
    until = EndFormField(label=gettext_lazy("and until"), widget=TimeInput)
    lesson_hours = forms.IntegerField(
        label=gettext_lazy("lesson hours a day"),
        min_value=1,
        max_value=12,
        required=False,
        help_text=gettext_lazy("Empty: the whole time."),
    )
    first = forms.DateField(label=gettext_lazy("from"), widget=DateInput)
    weeks = forms.IntegerField(label=gettext_lazy("weeks"), min_value=1, max_value=52)
    centre = forms.ModelChoiceField(
        CourseCentre.objects.none(),
        label=gettext_lazy("course centre"),
        required=False,
        empty_label=gettext_lazy("all"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = visible(CourseCentre, user).order_by(tr_order("name"))

    def clean_first(self):
        first = self.cleaned_data["first"]
        if not 2000 <= first.year <= 2100:
            raise ValidationError(_("Choose a day of this century."))
        return first

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since is None or until is None:
            return data
        if since < services.EARLIEST or until <= since:
            self.add_error(
                "until", _("Lessons are held from 07.00 to 24.00 and end after they begin.")
            )
        elif "lesson_hours" in data and "first" in data:
            self._set_minutes(data)
        return data

    def _set_minutes(self, data):
        year = EducationYear.objects.current(data["first"]) or EducationYear()
        begin, end = data["since"], data["until"]
        data["minutes"] = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        if data["lesson_hours"]:
            check_lesson_hours(year, begin, end, data["lesson_hours"])
            data["minutes"] = min(data["minutes"], data["lesson_hours"] * year.lesson_minutes)
        else:
            data["lesson_hours"] = min(year.most_lesson_hours(begin, end), 12)


@dataclass(frozen=True)
class Answer:
    """A free room as the page shows it."""

    room: Room
    times: list
    in_the_way: str
    days: int
    new_course: str


class FreeTimes:
    """The part of the ModelAdmin of rooms with the page of free times."""

    def get_urls(self):
        view = self.guarded(self.free_view)
        return [path("free/", view, name="courses_room_free"), *super().get_urls()]

    def free_view(self, request):
        """Without anything asked for, the form; else the rooms that are free, and nearly free ones."""
        if not request.user.has_perm("courses.view_session"):
            raise PermissionDenied
        asked = "since" in request.GET
        form = FreeTimesForm(
            request.GET if asked else None,
            user=request.user,
            initial={
                "weekdays": [timezone.localdate().isoweekday()],
                "since": time(9),
                "until": time(17),
                "lesson_hours": 4,
                "first": timezone.localdate() + timedelta(days=1),
                "weeks": 16,
                "centre": request.GET.get("centre"),
            },
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Find free times"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
        }
        status = 200
        if asked and form.is_valid():
            context |= self._found(request, form.cleaned_data)
        elif asked:
            status = 422
        return TemplateResponse(request, "admin/courses/free_times.html", context, status=status)

    def _found(self, request, data):
        rooms = visible(Room, request.user).select_related("centre")
        chosen = Q(centre=data["centre"]) if data["centre"] else Q(centre__in_use=True)
        last = data["first"] + timedelta(weeks=data["weeks"], days=-1)
        found = services.free_rooms(
            rooms=rooms.filter(chosen)
            .order_by(tr_order("centre__name"), tr_order("name"))
            .distinct(),
            weekdays=data["weekdays"],
            begin=data["since"],
            end=data["until"],
            minutes=data["minutes"],
            first=data["first"],
            last=last,
        )
        free = [one for one in found if not one.in_the_way]
        nearly = [one for one in found if one.in_the_way]
        clashes = {course for one in nearly[:MOST] for course, *_rest in one.in_the_way}
        courses = Course.objects.select_related("programme", "centre").in_bulk(clashes)
        may = RIGHTS.may(request.user, "save_course")
        answers = [
            [self._answer(one, data, courses, may) for one in part[:MOST]]
            for part in (free, nearly)
        ]
        return {
            "free": answers[0],
            "nearly": answers[1],
            "more": max(0, len(free) - MOST),
            "more_nearly": max(0, len(nearly) - MOST),
            "asked": True,
            "last": last,
        }

    def _answer(self, one, data, courses, may):
        clash = ""
        for course, day, begin, end in one.in_the_way:
            clash = _("%(day)s, %(begin)s–%(end)s: %(course)s") % {
                "day": f"{day:%d.%m.%Y}",
                "begin": f"{begin:%H.%M}",
                "end": f"{end:%H.%M}",
                "course": courses[course],
            }
        lines = [(day, begin, end, data["lesson_hours"]) for day, (begin, end) in one.times.items()]
        address = reverse("admin:courses_course_add")
        query = {
            "centre": one.room.centre_id,
            "room": one.room.pk,
            "begin": next(
                services.days_of(data["weekdays"][0], data["first"], date.max - timedelta(days=7))
            ),
            LINES: written(lines),
        }
        return Answer(
            one.room,
            [
                (Weekday(day).label, f"{begin:%H.%M}–{end:%H.%M}")
                for day, (begin, end) in one.times.items()
            ],
            clash,
            one.days,
            f"{address}?{urlencode(query)}" if may else "",
        )


def written(lines):
    """Weekly times as an address has them: `2-0930-1210-4,4-…`."""
    return ",".join(f"{day}-{begin:%H%M}-{end:%H%M}-{hours}" for day, begin, end, hours in lines)


def read(text):
    """The weekly times of an address, as initial values of the form; what is none is left out."""
    for line in text.split(",")[:14]:
        parts = line.split("-")
        if len(parts) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
            continue
        day, begin, end, hours = parts
        if len(begin) == len(end) == 4 and len(day) == 1 and len(hours) < 3:
            times = (f"{at[:2]}:{at[2:]}" for at in (begin, end))
            yield dict(
                zip(("weekday", "begin", "end", "lesson_hours"), (day, *times, hours), strict=True)
            )
