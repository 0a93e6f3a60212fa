"""The filters of the course list: the possible choices, and the courses that match."""

from collections import Counter, defaultdict

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.enums import LessonTime, Weekday
from courses.models import Course, TimetableSlot
from izmek.acts.prepared import prepared
from izmek.public.facets import Facet, Filters, Option
from izmek.text.fold import slug
from izmek.text.order import sort_key, tr_order

COLUMNS = (
    "pk",
    "free",
    "programme__name",
    "programme__name_en",
    "centre__slug",
    "centre__name",
    "centre__neighbourhood__name",
)


class CourseFacet(Facet):
    """A question about courses. `values(row)`: the answers of a course, as {value: label}."""

    def __init__(self, key, label, values, lang="", **options):
        super().__init__(key, label, **options)
        self.values, self.lang = values, lang


class CourseFilters(Filters):
    """The filters from a query string, applied to the courses that accept applications.

    `keys`: the primary keys of the matching courses, in order. `times`: {key: weekly times}.
    """

    def __init__(self, request):
        self._rows, self.times = _open_courses()
        facets, free = _facets(), CourseFacet("bos", _("Only with free seats"), _free)
        for row in self._rows:
            row |= {facet: facet.values(row) for facet in [*facets, free]}
        super().__init__(request, facets, free)
        misses = [(row, self._missed(row)) for row in self._rows]
        self.keys = [row["pk"] for row, missed in misses if not missed]
        for facet in self.questions:
            # Count the courses with an answer that also match all other questions.
            labels = {value: label for row in self._rows for value, label in row[facet].items()}
            fits = (row for row, missed in misses if missed in ([], [facet]))
            counts = Counter(value for row in fits for value in row[facet])
            facet.offer(
                [Option(value, labels[value], counts[value], facet.lang) for value in labels]
            )

    def answered(self, asked):
        """See Filters."""
        return {
            facet
            for facet, value in asked.items()
            if any(value in row[facet] for row in self._rows)
        }

    def _missed(self, row):
        """The chosen facets whose answer the course does not give."""
        return [
            facet for facet in self.questions if facet.chosen and facet.chosen not in row[facet]
        ]


def _open_courses():
    """Light rows of all courses that accept applications, by start date; and {key: weekly times}."""
    now = timezone.now()
    times = defaultdict(list)
    for slot in _slots(now=now):
        times[slot.course_id].append(slot)
    rows = [row | {"times": times[row["pk"]]} for row in _courses(now=now)]
    for column in ("programme__name", "centre__neighbourhood__name"):
        values = _values({row[column] for row in rows})
        for row in rows:
            row[f"{column} value"] = values[row[column]]
    return rows, times


@prepared
def _courses(now):
    courses = Course.objects.open_for_application(now, timezone.localdate()).with_free_seats()
    return courses.order_by("begin", tr_order("programme__name"), "pk").values(*COLUMNS)


@prepared
def _slots(now):
    courses = Course.objects.open_for_application(now, timezone.localdate())
    slots = TimetableSlot.objects.filter(course__in=courses.values("pk"))
    return slots.values_list("course_id", "weekday", "begin", "end", named=True)


def _values(names):
    """{name: its value in the address}; names that differ in dots and hats alone are numbered."""
    values = {}
    for name in sorted(names, key=sort_key):
        same = value = slug(name) or name
        number = 1
        while value in values.values():
            number += 1
            value = f"{same}-{number}"
        values[name] = value
    return values


def _facets():
    turkish = "" if get_language() == "tr" else "tr"
    return [
        CourseFacet("mahalle", _("Neighbourhood"), _neighbourhood, lang=turkish),
        CourseFacet("merkez", _("Course centre"), _centre, lang=turkish),
        CourseFacet("program", _("Programme"), _programme),
        CourseFacet("gun", _("Day"), _days, order=lambda option: option.value),
        CourseFacet(
            "saat", _("Time"), _hours, order=lambda option: LessonTime.values.index(option.value)
        ),
    ]


def _neighbourhood(row):
    return {row["centre__neighbourhood__name value"]: row["centre__neighbourhood__name"]}


def _centre(row):
    return {row["centre__slug"]: row["centre__name"]}


def _programme(row):
    english = get_language() == "en" and row["programme__name_en"]
    return {row["programme__name value"]: english or row["programme__name"]}


def _days(row):
    return {str(slot.weekday): str(Weekday(slot.weekday).label) for slot in row["times"]}


def _hours(row):
    """The times of day at which all lessons are held: "morning" means that every lesson is then."""
    times = [(slot.weekday, slot.begin, slot.end) for slot in row["times"]]
    return {
        time.value: str(time.label)
        for time in LessonTime
        if times and all(time.holds(*one) for one in times)
    }


def _free(row):
    return {"1": ""} if row["free"] else {}
